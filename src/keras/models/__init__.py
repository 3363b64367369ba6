"""Models."""

from keras.models._cloning import clone_model as clone_model
from keras.models._cloning import model_from_json as model_from_json
from keras.models._model import Model as Model
from keras.models._sequential import Sequential as Sequential
from keras.saving._api import load_model as load_model
from keras.saving._api import save_model as save_model

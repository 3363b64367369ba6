"""Operations on images."""

from keras.ops._image_color import hsv_to_rgb as hsv_to_rgb
from keras.ops._image_color import rgb_to_grayscale as rgb_to_grayscale
from keras.ops._image_color import rgb_to_hsv as rgb_to_hsv
from keras.ops._image_filters import extract_patches as extract_patches
from keras.ops._image_filters import extract_patches_3d as extract_patches_3d
from keras.ops._image_filters import gaussian_blur as gaussian_blur
from keras.ops._image_filters import sobel_edges as sobel_edges
from keras.ops._image_filters import ssim as ssim
from keras.ops._image_resize import crop_images as crop_images
from keras.ops._image_resize import pad_images as pad_images
from keras.ops._image_resize import resize as resize
from keras.ops._image_resize import scale_and_translate as scale_and_translate
from keras.ops._image_transform import affine_transform as affine_transform
from keras.ops._image_transform import elastic_transform as elastic_transform
from keras.ops._image_transform import map_coordinates as map_coordinates
from keras.ops._image_transform import perspective_transform as perspective_transform

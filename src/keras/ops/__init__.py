"""Operations on tensors of any engine, symbolic ones too."""

"""Gates: proofs too long for the tests (fuzzing, figures claimed). Each module here is one, run by `script/gates NAME`."""

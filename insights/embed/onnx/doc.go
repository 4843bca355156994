// Package onnx runs a sentence encoder of the operator's own in the place of
// Heed's: a BERT-like network in the ONNX format with the vocabulary of its
// WordPiece tokenizer. It knows more than Heed's encoder and takes some
// milliseconds a text instead of some microseconds. No network comes with Heed.
package onnx

// Package eval measures Heed's ears on recordings with known text, for
// `make eval`.
//
// It takes the recordings from folders outside the product and any engine
// through its contract; it has no bars of its own and never tunes anything.
package eval

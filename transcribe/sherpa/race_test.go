//go:build race

package sherpa_test

// raced: the worker is this test binary, whose front end is then several
// times slower.
const raced = true

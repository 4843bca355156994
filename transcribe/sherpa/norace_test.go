//go:build !race

package sherpa_test

const raced = false

// Package linear holds linear models over the hashed words and pieces of words
// of a text: what a text has is counted into a fixed number of buckets, and
// each bucket has one small weight for each output. It reads, writes and asks
// such models; the package learn makes them.
package linear

// Package corpus reads the labelled sets that the tagger learns from and is
// judged on, turns them into speech (digits as words, letters one by one, no
// marks), and makes sentences of its own where the sets have none. It opens
// no files: the caller brings the bytes.
package corpus

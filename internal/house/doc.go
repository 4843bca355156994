// Package house holds the rules of this codebase as tests: which package may
// import which, and how large things may grow. It has no code of its own.
package house

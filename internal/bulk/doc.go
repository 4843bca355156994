// Package bulk imports recordings by the thousand: it finds them in a folder or
// by a CSV of what is known of their calls, brings each to a queue and waits
// until it is a call.
//
// It keeps no state of its own. What was imported is known by its bytes, so an
// import that was broken off is begun again and passes over what is there. A
// row that makes no sense, and a file that cannot be read, stops no other.
//
// It refuses a CSV without a header that names file, with a header twice, or in
// another encoding than UTF-8 or, by its mark, UTF-16. It holds no more than a
// row of it in memory.
package bulk

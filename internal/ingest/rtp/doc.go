// Package rtp is what the doors share that take audio as RTP: it puts the
// packets of a source back in order, decodes them, places them by their
// timestamps and hands them to a call's stream, so that silence that was not
// sent, loss and jitter leave a recording as long as the call was.
//
// It opens no socket, knows no signalling and logs nothing. What no decoder
// takes is counted as garbage and dropped.
package rtp

// Package media reads recordings as people have them: WAV by itself, and MP3,
// M4A, Ogg, FLAC and odd WAVs with ffmpeg where that is there.
//
// What a recording is is told by its bytes, never by its name or the type that
// somebody gave it. It is read as a stream: three hours take no more memory
// than three minutes, but for what ffmpeg is handed, which is in memory whole
// so that nothing unredacted reaches the disk. ffmpeg is started without a
// shell, sees one file and no network, and is ended when it takes too long.
//
// It refuses more than two channels, recordings without a sample and what is
// longer than it is told; one that was cut off is read as far as it goes.
package media

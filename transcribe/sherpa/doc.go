// Package sherpa is the embedded speech-to-text engine: sherpa-onnx with a
// small streaming transducer, made to understand telephone audio.
//
// The native runtime runs in a worker process of the same binary (see
// [RunWorker]), because a bad model does not give an error there, it aborts
// the process. One worker serves all calls of an [Engine]; when it dies or
// hangs it is started again and the streams that it served end with an error
// whose verdict is [transcribe.Retry].
//
// The front end is part of the engine, not of the caller: audio of any rate is
// resampled to 16 kHz, levelled, and given a trace of noise after resampling,
// without which the model is deaf to telephone audio.
//
// The package refuses to open a runtime or a model file whose checksum or size
// is not the expected one, downloads nothing, and knows no languages other
// than those of the model it is given.
package sherpa

// Package openai holds two engines for services that speak OpenAI's
// protocols, OpenAI's own or any other.
//
// [Realtime] ("openai-realtime") streams over a WebSocket and gives captions
// while somebody speaks. It knows two dialects, OpenAI's and vLLM's. [HTTP]
// ("openai-http") posts each stretch of speech as a file once it is over, as
// every compatible server understands (OpenAI, vLLM, speaches, whisper
// servers), and gives finals only.
//
// Both cut the speech themselves, by its energy over the line's noise, and
// send no silence: it costs money, and these models hear words in it. OpenAI's
// own voice activity detection can be asked for instead.
//
// The vendor's Go SDK is not used: it makes the program 26 MB larger, its
// realtime events leave no room for vLLM's, and its reads have no bound.
package openai

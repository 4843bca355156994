package openai

import (
	"strings"

	"heed/transcribe/remote"
)

// mulawRate is the rate of audio/pcmu.
const mulawRate = 8000

const (
	// maxKeywords bounds the phrases where a model takes a list of them.
	maxKeywords = 100
	// maxPrompt bounds them where they go into a text, in bytes: Whisper reads
	// the last 224 tokens of it, and a token is about four letters.
	maxPrompt = 600
)

// settings gives the first message of a session.
func (e *Realtime) settings(f remote.Format) any {
	type object = map[string]any
	format := object{"type": "audio/pcm", "rate": f.Rate}
	if e.o.Mulaw && f.Rate == mulawRate {
		format = object{"type": "audio/pcmu"}
	}
	transcription := object{"model": e.o.Model}
	if language := base(e.o.Language); language != "" {
		transcription["language"] = language
	}
	switch words := keywords(e.o.Phrases); {
	case len(words) == 0 || !promptable(e.o.Model):
	case listed(e.o.Model):
		transcription["keywords"] = words
	default:
		transcription["prompt"] = prompt(words)
	}
	var turns any // null: we commit
	if e.o.ServerVAD {
		turns = object{"type": "server_vad", "silence_duration_ms": hangover.Milliseconds()}
	}
	session := object{
		"type": "transcription",
		"audio": object{"input": object{
			"format": format, "transcription": transcription, "turn_detection": turns,
		}},
	}
	if scored(e.o.Model) {
		session["include"] = []string{"item.input_audio_transcription.logprobs"}
	}
	return object{"type": "session.update", "session": session}
}

// base gives the language of a BCP 47 tag, as ISO 639-1.
func base(tag string) string {
	language, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	return strings.ToLower(language)
}

// listed tells whether a model takes a list of keywords.
func listed(model string) bool {
	return model == "gpt-transcribe" || model == realtimeModel
}

// promptable tells whether a model takes keywords or a prompt at all.
func promptable(model string) bool {
	return model != "gpt-realtime-whisper" && !strings.Contains(model, "diarize")
}

// scored tells whether a model gives log probabilities of its tokens.
func scored(model string) bool {
	return strings.HasPrefix(model, "gpt-4o-") && promptable(model)
}

// keywords gives the phrases that are sent, the most important first.
func keywords(phrases []string) []string {
	var out []string
	for _, p := range phrases {
		if p = strings.Join(strings.Fields(p), " "); p != "" && len(out) < maxKeywords {
			out = append(out, p)
		}
	}
	return out
}

// prompt joins keywords for models that take a text, as many as it may hold.
func prompt(words []string) string {
	var b strings.Builder
	for _, w := range words {
		if b.Len()+len(w)+2 > maxPrompt {
			break
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(w)
	}
	return b.String()
}

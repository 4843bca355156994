package config

import (
	"errors"

	"github.com/spf13/pflag"
)

// Law says which rules of law hold beside the built-in ones.
type Law struct {
	Rules     string // file that extends the built-in table; empty is none
	Recording string // none, announce or ask: at least this assent to recording
	// Announcement is what tells a caller that they are recorded; Announced says
	// that the telephone platform has said it before the call comes here.
	Announcement string
	Announced    bool
}

func (l *Law) bind(fs *pflag.FlagSet) {
	fs.StringVar(&l.Rules, "law-rules", "", "file of legal rules that adds to the built-in table and replaces its entries")
	fs.StringVar(&l.Recording, "recording-consent", "announce", "how callers agree to be recorded: none, announce, or ask (nothing is kept before a yes); the law of the caller's place may want more")
	fs.StringVar(&l.Announcement, "recording-announcement", "This call is recorded so that we can serve you better. If you do not want that, just say so.", "what the agent says at the start of a call that may be recorded once it was announced")
	fs.BoolVar(&l.Announced, "recording-announced", false, "the telephone platform announces the recording by itself, so the agent need not")
}

func (l *Law) validate(add func(string, error)) {
	if l.Announcement == "" && !l.Announced {
		add("recording-announcement", errors.New("give the words that the agent says, or set recording-announced"))
	}
	add("recording-consent", oneOf(l.Recording, "none", "announce", "ask"))
}

package config

import "github.com/spf13/pflag"

// Law says which rules of law hold beside the built-in ones.
type Law struct {
	Rules     string // file that extends the built-in table; empty is none
	Recording string // none, announce or ask: at least this assent to recording
}

func (l *Law) bind(fs *pflag.FlagSet) {
	fs.StringVar(&l.Rules, "law-rules", "", "file of legal rules that adds to the built-in table and replaces its entries")
	fs.StringVar(&l.Recording, "recording-consent", "announce", "how callers agree to be recorded: none, announce, or ask (nothing is kept before a yes); the law of the caller's place may want more")
}

func (l *Law) validate(add func(string, error)) {
	add("recording-consent", oneOf(l.Recording, "none", "announce", "ask"))
}

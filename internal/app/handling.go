package app

import (
	"heed/insights"
	"heed/internal/correct"
	"heed/internal/handling"
)

// handling is what agents say of their calls. Their words are redacted by the
// policy of what is said on calls.
func (a *App) handling() *handling.Keeper {
	wording := correct.WordingUnder(a.policy)
	return handling.New(handling.Options{
		Store: a.parts.store, Now: a.o.Now,
		Redact: func(text string) (string, error) {
			written, _, err := wording([]insights.Utterance{{ID: "said of the call", Speaker: insights.Agent}}, 0, text)
			return written, err
		},
	})
}

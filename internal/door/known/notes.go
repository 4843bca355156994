package known

import (
	"context"
	"strings"
	"time"

	"heed/insights"
	"heed/internal/event"
)

// Note is what was written beside a call.
type Note struct {
	Text   string            `json:"text"`
	Second *insights.Seconds `json:"second,omitempty"`
	At     time.Time         `json:"at"`
}

// aboutComment says that an event tells who wrote beside a call.
func aboutComment(t event.Type) bool { return strings.HasPrefix(string(t), "comment.") }

func (r *Reader) notes(ctx context.Context, callID string) (out []Note, err error) {
	for after := ""; ; {
		found, next, err := r.o.Store.Comments(ctx, callID, after, 500)
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			out = append(out, Note{c.Text, c.Second, c.At})
		}
		if after = next; next == "" {
			return out, nil
		}
	}
}

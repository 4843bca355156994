package door

import (
	"context"

	"heed/internal/door/known"
)

// Contests gives the decisions that customers do not agree with, those without
// an answer, the oldest first.
func (d *Door) Contests(ctx context.Context) ([]known.Contest, error) {
	return d.o.Reader.Contests(ctx)
}

// AnswerContest commits what somebody of the company says to a contest; its
// author reads it on their own pages.
func (d *Door) AnswerContest(ctx context.Context, decisionID, answer, by string) error {
	return d.o.Acts.AnswerContest(ctx, decisionID, answer, by)
}

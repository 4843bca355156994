package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"heed/internal/decide"
	"heed/internal/decisions"
)

// Ask is a question for the next best action, as the API takes it.
type Ask struct {
	CustomerID string `json:"customer_id"`
	Slot       string `json:"slot"`
	Channel    string `json:"channel,omitempty"`
	N          int    `json:"n,omitempty"`
	Language   string `json:"language,omitempty"`
	DryRun     bool   `json:"dry_run,omitempty"`
}

// Decide asks for the next best action for a customer.
func (c *Client) Decide(ctx context.Context, a Ask) (d decide.Decision, err error) {
	err = c.do(ctx, http.MethodPost, "/v1/decisions", a, &d)
	return d, err
}

// Selection is a question about many people, as the API takes it.
type Selection struct {
	Selection map[string]any `json:"selection"`
	Slot      string         `json:"slot"`
	Channel   string         `json:"channel,omitempty"`
	N         int            `json:"n,omitempty"`
	DryRun    bool           `json:"dry_run,omitempty"`
	Hold      int            `json:"hold,omitempty"` // seconds; 0 opens no slots
	After     string         `json:"after,omitempty"`
}

// errCut is a stream that ended before its end.
var errCut = errors.New("the answer was cut off; go on with the last mark (--after)")

// DecideAll asks about many people and gives each line of the answer to see,
// until the end or see's first error.
func (c *Client) DecideAll(ctx context.Context, s Selection, see func(decisions.Line) error) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("decide for many: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/v1/decisions/batch", bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("decide for many: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	req.Header.Set("Content-Type", "application/json")
	patient := http.Client{Transport: c.http.Transport} // as long as it takes
	resp, err := patient.Do(req)
	if err != nil {
		return unreachable(c.base, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= 300 {
		return refusal(resp)
	}
	return eachLine(json.NewDecoder(resp.Body), see)
}

// eachLine gives each line of a stream to see, up to the one that ends it.
func eachLine(lines *json.Decoder, see func(decisions.Line) error) error {
	for {
		var l decisions.Line
		switch err := lines.Decode(&l); {
		case errors.Is(err, io.EOF):
			return errCut
		case err != nil:
			return fmt.Errorf("%w: %w", errCut, err)
		case l.CustomerID == "" && l.Error != "":
			return fmt.Errorf("the server stopped: %s", l.Error)
		}
		if err := see(l); err != nil {
			return err
		}
		if l.Progress != nil && l.Progress.After == "" {
			return nil
		}
	}
}

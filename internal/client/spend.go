package client

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// Spend is what came of an upload of what advertising cost, or what would.
type Spend struct {
	ID      string   `json:"id"`
	Rows    int64    `json:"rows"`
	Total   float64  `json:"total"` // in the currency's main unit
	Money   string   `json:"currency"`
	Kept    bool     `json:"kept"`
	Unknown []string `json:"unknown_columns"` // that were not used
}

// AddSpend uploads a CSV, which goes out as it is read, or has it looked at only.
func (c *Client) AddSpend(ctx context.Context, file io.Reader, dry bool) (s Spend, err error) {
	path := "/v1/spend"
	if dry {
		path += "?dry_run=true"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, file)
	if err != nil {
		return s, fmt.Errorf("upload spend: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	req.Header.Set("Content-Type", "text/csv")
	patient := *c.http
	patient.Timeout = recordingTime
	resp, err := patient.Do(req)
	if err != nil {
		return s, unreachable(c.base, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= 300 {
		return s, refusal(resp)
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(&s); err != nil {
		return s, fmt.Errorf("upload spend: the answer does not parse: %w", err)
	}
	return s, nil
}

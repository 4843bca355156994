package client

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
)

// Recording is a recording that was brought to a server, and what became of it.
type Recording struct {
	ID     string  `json:"id"`
	State  string  `json:"state"` // wanted, fetched, hearing, done or failed
	CallID string  `json:"call_id"`
	Note   string  `json:"note"`
	Length float64 `json:"length"` // seconds of the call
}

// AddRecording brings a recording with what is told of its call, by the API's
// names. The body goes out as it is read.
func (c *Client) AddRecording(ctx context.Context, fields map[string]string, body io.Reader) (Recording, error) {
	r, w := io.Pipe()
	form := multipart.NewWriter(w)
	go func() { w.CloseWithError(writeForm(form, fields, body)) }()
	defer func() { _ = r.Close() }() // ends the writer, should it still write
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/v1/recordings", r)
	if err != nil {
		return Recording{}, fmt.Errorf("add recording: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	req.Header.Set("Content-Type", form.FormDataContentType())
	patient := http.Client{Transport: c.http.Transport} // of a long recording the transfer takes its time
	resp, err := patient.Do(req)
	if err != nil {
		return Recording{}, unreachable(c.base, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= 300 {
		return Recording{}, refusal(resp)
	}
	var got Recording
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(&got); err != nil {
		return got, fmt.Errorf("add recording: the answer does not parse: %w", err)
	}
	return got, nil
}

func writeForm(form *multipart.Writer, fields map[string]string, body io.Reader) error {
	for name, value := range fields {
		if err := form.WriteField(name, value); err != nil {
			return err
		}
	}
	part, err := form.CreateFormFile("file", "recording")
	if err != nil {
		return err
	}
	if _, err := io.Copy(part, body); err != nil {
		return err
	}
	return form.Close()
}

// RecordingOf gives what became of a recording.
func (c *Client) RecordingOf(ctx context.Context, id string) (r Recording, err error) {
	return r, c.Read(ctx, "/v1/recordings/"+url.PathEscape(id), &r)
}

// RecordingByHash gives the recording with these bytes, by their SHA-256 in
// hex; without an id when there is none.
func (c *Client) RecordingByHash(ctx context.Context, hash string) (Recording, error) {
	var page struct {
		Recordings []Recording `json:"recordings"`
	}
	err := c.Read(ctx, "/v1/recordings?sha256="+url.QueryEscape(hash), &page)
	if err != nil || len(page.Recordings) == 0 {
		return Recording{}, err
	}
	return page.Recordings[0], nil
}

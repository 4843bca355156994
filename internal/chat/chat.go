// Package chat has a language model sum a call up, at any endpoint that
// speaks OpenAI's chat completions: OpenAI itself, or vLLM, Ollama,
// llama.cpp and others on one's own machines. It is off unless an endpoint is
// set.
//
// What it is given leaves this machine: redacted words only, never audio,
// numbers of the parties or names of the profile. What the model says is
// checked to be of the expected form and to point at lines of the call;
// anything else is an error, and the caller falls back to quotes. Nothing is
// tried twice, and nothing that was sent or received is logged or put into an
// error.
package chat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"heed/insights"
)

const (
	// maxAnswer is the largest answer that is read, in bytes.
	maxAnswer = 1 << 20
	// maxTokens is how much the model may write: five parts of a few lines.
	maxTokens = 900
	// defaultTimeout is how long one summary may take.
	defaultTimeout = 20 * time.Second
	// shape is the version of what is asked and how the answer is read.
	shape = 1
)

// Options say whom to ask.
type Options struct {
	// Endpoint is the address under which chat/completions is, such as
	// https://api.openai.com/v1 or http://localhost:11434/v1.
	Endpoint string
	// Model is the name that the endpoint knows the model by.
	Model string
	// Key is sent as a bearer token. It is a secret; empty sends none.
	Key string
	// Timeout bounds one summary; 0 is 20 s.
	Timeout time.Duration
	// Transport sends the requests; nil is one of its own.
	Transport http.RoundTripper
}

// Client asks. It is safe for concurrent use. Its idle connections end by
// themselves, or with Close.
type Client struct {
	o      Options
	url    string
	client *http.Client
}

// New makes a client. It refuses an address that is no http or https URL, one
// that holds a user, and a request without a model.
func New(o Options) (*Client, error) {
	u, err := url.Parse(o.Endpoint)
	switch {
	case err != nil:
		return nil, errors.New("summary endpoint: not an address") // the error would hold it
	case u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return nil, errors.New("summary endpoint: must start with https:// and name a host")
	case u.User != nil:
		return nil, errors.New("summary endpoint: put the key into summary-key, not into the address")
	case o.Model == "":
		return nil, errors.New("summary endpoint: summary-model must name the model to ask")
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.IdleConnTimeout = 30 * time.Second
		o.Transport = t
	}
	return &Client{
		o: o, url: u.JoinPath("chat", "completions").String(),
		client: &http.Client{
			Transport: o.Transport,
			// The key and the words go to the address that was set, nowhere else.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// Close ends idle connections.
func (c *Client) Close() { c.client.CloseIdleConnections() }

// Sum has a call summed up. Said is the call in order of speech, redacted. It
// blocks until the answer is there, ctx ends or the time is over.
func (c *Client) Sum(ctx context.Context, callID string, said []insights.Utterance) (insights.Summary, error) {
	ctx, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	text, lines := transcript(said)
	if len(lines) == 0 {
		return insights.Summary{}, errors.New("summary by model: nothing was said")
	}
	content, err := c.ask(ctx, text)
	if err != nil {
		return insights.Summary{}, fmt.Errorf("summary by model: %w", err)
	}
	out, err := read(content, lines)
	if err != nil {
		return insights.Summary{}, fmt.Errorf("summary by model: %w", err)
	}
	return insights.Summary{
		CallID: callID, Lines: out, Source: c.o.Model, Model: fmt.Sprintf("chat-summary/%d.%s", shape, c.o.Model),
	}, nil
}

// request is the body of a chat completion.
type request struct {
	Model       string    `json:"model"`
	Messages    []message `json:"messages"`
	Temperature float64   `json:"temperature"`
	MaxTokens   int       `json:"max_tokens"`
	Format      format    `json:"response_format"`
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type format struct {
	Type string `json:"type"`
}

// completion is what is read of the answer.
type completion struct {
	Choices []struct {
		Message struct {
			Content string `json:"content"`
			Refusal string `json:"refusal"`
		} `json:"message"`
		FinishReason string `json:"finish_reason"`
	} `json:"choices"`
}

// ask posts a transcript and gives what the model wrote.
func (c *Client) ask(ctx context.Context, text string) (string, error) {
	body, err := json.Marshal(request{
		Model: c.o.Model, MaxTokens: maxTokens, Format: format{"json_object"},
		Messages: []message{{"system", task}, {"user", text}},
	})
	if err != nil {
		return "", fmt.Errorf("encode: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("make the request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	if c.o.Key != "" {
		req.Header.Set("Authorization", "Bearer "+c.o.Key)
	}
	res, err := c.client.Do(req)
	if err != nil {
		return "", fmt.Errorf("ask: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("the endpoint answered %d", res.StatusCode) // its text may repeat ours
	}
	return content(res.Body)
}

// content reads what the model wrote out of an answer.
func content(body io.Reader) (string, error) {
	raw, err := io.ReadAll(io.LimitReader(body, maxAnswer+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("read the answer: %w", err)
	case len(raw) > maxAnswer:
		return "", fmt.Errorf("the answer is over %d bytes", maxAnswer)
	}
	var a completion
	if json.Unmarshal(raw, &a) != nil || len(a.Choices) == 0 {
		return "", errors.New("the answer is no chat completion")
	}
	first := a.Choices[0]
	switch {
	case first.Message.Refusal != "":
		return "", errors.New("the model refused")
	case first.FinishReason == "length":
		return "", errors.New("the answer is longer than it may be")
	case strings.TrimSpace(first.Message.Content) == "":
		return "", errors.New("the model wrote nothing")
	}
	return first.Message.Content, nil
}

// Package client calls a running Heed over its HTTP API, for the command line.
//
// It knows the few routes that the commands need and keeps nothing.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"heed/internal/desk"
	"heed/internal/event"
)

const (
	pollEvery    = 300 * time.Millisecond
	appearWithin = 15 * time.Second
)

// Files in the data folder by which commands on the same machine find the
// server and are let in.
const (
	KeyFile     = "cli.key"
	AddressFile = "address"
)

// DefaultServer is where a server is when nothing says otherwise.
const DefaultServer = "http://127.0.0.1:8080"

var (
	// ErrNoKey says that no API key was given and none was found.
	ErrNoKey = errors.New("no API key: give --key, set HEED_KEY, or name the server's data folder with --data")
	// ErrAddress is an address that no server can have.
	ErrAddress = errors.New("want something like http://localhost:8080")
)

// Client is safe for concurrent use.
type Client struct {
	base string
	key  string
	http *http.Client
}

// New makes a client of the server at base, such as http://localhost:8080.
func New(base, key string) (*Client, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("server address %q: %w", base, ErrAddress)
	}
	switch u.Scheme {
	case "ws":
		u.Scheme = "http"
	case "wss":
		u.Scheme = "https"
	case "http", "https":
	default:
		return nil, fmt.Errorf("server address %q: %w", base, ErrAddress)
	}
	return &Client{
		base: u.Scheme + "://" + u.Host, key: key,
		http: &http.Client{Timeout: 30 * time.Second},
	}, nil
}

// Base is the server's address without a path.
func (c *Client) Base() string { return c.base }

// Key is the API key in use.
func (c *Client) Key() string { return c.key }

// FindKey gives the key to use: the one given, else the one that the server
// wrote into its data folder.
func FindKey(given, dataDir string) (string, error) {
	if given != "" {
		return given, nil
	}
	raw, err := os.ReadFile(filepath.Join(dataDir, KeyFile))
	if errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("%w (%s has no %s: has a server run with it?)", ErrNoKey, dataDir, KeyFile)
	}
	if err != nil {
		return "", fmt.Errorf("read the key: %w", err)
	}
	return strings.TrimSpace(string(raw)), nil
}

// Local says that an address is on this machine. An address that does not
// parse counts as local: it is refused by New.
func Local(server string) bool {
	u, err := url.Parse(server)
	if err != nil || u.Hostname() == "" || u.Hostname() == "localhost" {
		return true
	}
	return net.ParseIP(u.Hostname()).IsLoopback()
}

// FindServer gives the address of the server that uses a data folder, or the
// default when none says so.
func FindServer(given, dataDir string) string {
	if given != "" {
		return given
	}
	raw, err := os.ReadFile(filepath.Join(dataDir, AddressFile))
	if err != nil {
		return DefaultServer
	}
	return strings.TrimSpace(string(raw))
}

// Alive asks a server for its health.
func Alive(ctx context.Context, base string) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/healthz", nil)
	if err != nil {
		return fmt.Errorf("health of %s: %w", base, err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return unreachable(base, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("health of %s: %s", base, resp.Status)
	}
	return nil
}

// Check asks whether the server is there and takes the key, so that a command
// can tell before it begins.
func (c *Client) Check(ctx context.Context) error {
	_, err := c.CallID(ctx, "none")
	return err
}

// CallID finds Heed's id of a platform's call; empty while it is not known.
func (c *Client) CallID(ctx context.Context, platformCall string) (string, error) {
	var page struct{ Calls []struct{ ID string } }
	err := c.do(ctx, http.MethodGet, "/v1/calls?platform_call_id="+url.QueryEscape(platformCall), nil, &page)
	if err != nil || len(page.Calls) == 0 {
		return "", err
	}
	return page.Calls[0].ID, nil
}

// Live counts the live calls, up to a page of them.
func (c *Client) Live(ctx context.Context) (int, error) {
	var page struct{ Calls []struct{ ID string } }
	err := c.do(ctx, http.MethodGet, "/v1/calls?status=live&limit=500", nil, &page)
	return len(page.Calls), err
}

// Call gives the record of a call.
func (c *Client) Call(ctx context.Context, id string) (*desk.Record, error) {
	var r desk.Record
	if err := c.do(ctx, http.MethodGet, "/v1/calls/"+url.PathEscape(id), nil, &r); err != nil {
		return nil, err
	}
	return &r, nil
}

// Link makes a one-time sign-in link for a user of a role and gives it with
// the server's address. Without a name it is the first of that role.
func (c *Client) Link(ctx context.Context, role, name string) (string, error) {
	var l struct{ Path string }
	who := struct {
		Role string `json:"role,omitempty"`
		Name string `json:"name,omitempty"`
	}{role, name}
	if err := c.do(ctx, http.MethodPost, "/v1/links", who, &l); err != nil {
		return "", err
	}
	return c.base + l.Path, nil
}

// Audit is what was found by reading all ledgers of consent.
type Audit struct {
	Ledgers, Rows, Erased, Days int
	Key                         string   // hex Ed25519 public key of the signed days
	Problems                    []string // none: all is as it was written
}

// VerifyConsent has the server read all ledgers of consent. It may take long.
func (c *Client) VerifyConsent(ctx context.Context) (Audit, error) {
	var a Audit
	err := c.do(ctx, http.MethodGet, "/v1/consent/verify", nil, &a)
	return a, err
}

// Corrections gives a page of corrections, the latest first, and what to ask
// the next page after; that is empty on the last one.
func (c *Client) Corrections(ctx context.Context, after string) ([]event.Correction, string, error) {
	var page struct {
		Corrections []event.Correction
		Next        string
	}
	err := c.do(ctx, http.MethodGet, "/v1/corrections?limit=500&after="+url.QueryEscape(after), nil, &page)
	return page.Corrections, page.Next, err
}

// Reanalyze has the server run its analyzers over history, and gives the run.
func (c *Client) Reanalyze(ctx context.Context, ask event.ReanalysisRequest) (run event.Reanalysis, err error) {
	err = c.do(ctx, http.MethodPost, "/v1/reanalyze", ask, &run)
	return run, err
}

// Reanalysis gives the run over history that is in progress, else the last one.
func (c *Client) Reanalysis(ctx context.Context) (run event.Reanalysis, err error) {
	err = c.do(ctx, http.MethodGet, "/v1/reanalyze", nil, &run)
	return run, err
}

// CancelReanalysis cancels the run over history, and gives it.
func (c *Client) CancelReanalysis(ctx context.Context) (run event.Reanalysis, err error) {
	err = c.do(ctx, http.MethodDelete, "/v1/reanalyze", nil, &run)
	return run, err
}

// Read reads what a path of the API gives.
func (c *Client) Read(ctx context.Context, path string, into any) error {
	return c.do(ctx, http.MethodGet, path, nil, into)
}

// Erase has the server forget a customer, and gives the certificate in words.
func (c *Client) Erase(ctx context.Context, id string) (string, error) {
	var made struct{ ID string }
	patient := *c
	patient.http = &http.Client{Timeout: recordingTime} // all of the index may be written anew
	body := map[string]string{"confirm": "erase"}
	if err := patient.do(ctx, http.MethodPost, "/v1/customers/"+url.PathEscape(id)+"/erase", body, &made); err != nil {
		return "", err
	}
	text, err := c.get(ctx, "/v1/erasures/"+url.PathEscape(made.ID)+"/text")
	if err != nil {
		return "", err
	}
	raw, err := io.ReadAll(io.LimitReader(text, maxAnswer))
	return string(raw), errors.Join(err, text.Close())
}

// recordingTime is how long the transfer of a recording may take.
const recordingTime = 10 * time.Minute

// Recording gives the WAV file of a call. The caller closes it.
func (c *Client) Recording(ctx context.Context, callID string) (io.ReadCloser, error) {
	return c.get(ctx, "/v1/calls/"+url.PathEscape(callID)+"/recording")
}

// get gives an answer as it comes. The caller closes it.
func (c *Client) get(ctx context.Context, path string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
	if err != nil {
		return nil, fmt.Errorf("GET %s: %w", path, err)
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	patient := *c.http
	patient.Timeout = recordingTime
	resp, err := patient.Do(req)
	if err != nil {
		return nil, unreachable(c.base, err)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, errors.Join(refusal(resp), resp.Body.Close())
	}
	return resp.Body, nil
}

// refusal reads what the server says against a request.
func refusal(resp *http.Response) error {
	p := &Problem{Status: resp.StatusCode, Detail: resp.Status}
	_ = json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(p) // a proxy may say it otherwise
	return p
}

// Problem is the server's refusal.
type Problem struct {
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// Error gives the server's own words, and what to do about a key.
func (p *Problem) Error() string {
	text := fmt.Sprintf("the server answered %d: %s", p.Status, p.Detail)
	if p.Status == http.StatusUnauthorized {
		text = "the server does not know this API key; the one in " + KeyFile + " of its data folder is made anew at each start (--data), others are given with --key"
	}
	return text
}

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 256 << 20

func (c *Client) do(ctx context.Context, method, path string, body, answer any) error {
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("%s %s: %w", method, path, err)
		}
		reader = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, reader)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.http.Do(req)
	if err != nil {
		return unreachable(c.base, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= 300 {
		return refusal(resp)
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(answer); err != nil {
		return fmt.Errorf("%s %s: the answer does not parse: %w", method, path, err)
	}
	return nil
}

// unreachable says which server did not answer, without the request's details.
func unreachable(base string, err error) error {
	if e := (*url.Error)(nil); errors.As(err, &e) {
		err = e.Err
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("cannot reach the server at %s: %w; is \"heed serve\" running there?", base, err)
}

// Wait follows the call of a platform until it is over, and gives its record.
// See, when not nil, is handed each state that was read on the way. It gives
// up when the call has not appeared within 15 s.
func (c *Client) Wait(ctx context.Context, platformCall string, see func(*desk.Record)) (*desk.Record, error) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	appear := time.Now().Add(appearWithin)
	id := ""
	for {
		if id == "" {
			found, err := c.CallID(ctx, platformCall)
			if err != nil {
				return nil, err
			}
			if id = found; id == "" && time.Now().After(appear) {
				return nil, fmt.Errorf("the server does not know the call %s", platformCall)
			}
		}
		if id != "" {
			r, err := c.Call(ctx, id)
			if err != nil {
				return nil, err
			}
			if see != nil {
				see(r)
			}
			if r.EndedAt != nil {
				return r, nil
			}
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-tick.C:
		}
	}
}

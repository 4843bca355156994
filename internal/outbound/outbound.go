// Package outbound carries webhooks to other systems as Standard Webhooks 1.0.0
// has it: signed, with an id that is the same in every attempt.
//
// An address is somebody's word, so it is never trusted: only https, and each
// connection is refused after the name was resolved and before anything is sent
// when it would go to an address that is not public. Redirects are not followed
// and proxies of the environment not used. Addresses and secrets are in no
// error. It keeps nothing and does not retry: its errors say whether and when
// to.
package outbound

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"heed/internal/fetch"
)

const (
	// secretPrefix and secretSize are those of the standard.
	secretPrefix = "whsec_"
	secretSize   = 32
	// largestAnswer is how much of an answer is read, so that the connection can
	// be used again.
	largestAnswer = 16 << 10
	// longestAddress bounds an address in bytes.
	longestAddress = 2000
)

// Options tune a Client. The zero value is right.
type Options struct {
	Within time.Duration // one attempt; 0 is 20 s

	// What follows is for tests: what stands in for the internet.
	Guard    func(network, address string, c syscall.RawConn) error // nil lets through what is public
	Resolver *net.Resolver
	TLS      *tls.Config
	Now      func() time.Time // nil is time.Now
}

// Client sends. It is safe for concurrent use; Close it in the end.
type Client struct {
	o    Options
	wire *http.Transport // not a client: it would follow redirects, and quote them
}

// New makes a Client.
func New(o Options) *Client {
	o.Within = cmp.Or(o.Within, 20*time.Second)
	if o.Guard == nil {
		o.Guard = ssrf.New(ssrf.WithAnyPort()).Safe
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	dialer := &net.Dialer{Timeout: o.Within, Control: o.Guard, Resolver: o.Resolver}
	return &Client{o: o, wire: &http.Transport{
		DialContext: dialer.DialContext, TLSClientConfig: o.TLS, TLSHandshakeTimeout: o.Within, DisableCompression: true,
		MaxResponseHeaderBytes: 64 << 10, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
	}}
}

// Close closes idle connections.
func (c *Client) Close() error {
	c.wire.CloseIdleConnections()
	return nil
}

// NewSecret gives a secret to sign with.
func NewSecret() string {
	var b [secretSize]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand aborts the process instead
	return secretPrefix + base64.StdEncoding.EncodeToString(b[:])
}

// Check says why an address would not be written to.
func Check(address string) error {
	u, err := url.Parse(address)
	switch {
	case len(address) > longestAddress:
		return fmt.Errorf("expected at most %d bytes", longestAddress)
	case err != nil || u.Hostname() == "" || u.Opaque != "":
		return errors.New("expected an address such as https://example.com/alerts") // the error would quote it
	case u.Scheme != "https":
		return errors.New("expected an address that begins with https://")
	case u.User != nil:
		return errors.New("expected an address without a user: the signature says who sends")
	case u.Fragment != "":
		return errors.New("expected an address without a fragment")
	}
	return nil
}

// Message is one webhook. ID and Body are the same in every attempt.
type Message struct {
	ID      string // without a dot
	Address string
	Secret  string // as [NewSecret] gives them
	Body    []byte // JSON
}

// Error is why a message was not taken.
type Error struct {
	Why   string
	after time.Duration
	vain  bool
	gone  bool
}

func (e *Error) Error() string { return e.Why }

// Later is how long the receiver asks to wait at least; false when there is no
// point in another attempt.
func (e *Error) Later() (time.Duration, bool) { return e.after, !e.vain }

// Gone says that the receiver wants no more.
func (e *Error) Gone() bool { return e.gone }

// Send makes one attempt. It gives nil when the receiver took the message, and
// an *Error otherwise.
func (c *Client) Send(ctx context.Context, m Message) error {
	if err := Check(m.Address); err != nil {
		return &Error{Why: err.Error(), vain: true}
	}
	if m.ID == "" || strings.Contains(m.ID, ".") {
		return &Error{Why: "the message has no id", vain: true}
	}
	ctx, cancel := context.WithTimeout(ctx, c.o.Within)
	defer cancel()
	req, err := c.request(ctx, m)
	if err != nil {
		return err
	}
	res, err := c.wire.RoundTrip(req)
	if err != nil {
		return unreached(err)
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.CopyN(io.Discard, res.Body, largestAnswer) // what it says is of no interest
	if res.StatusCode >= 200 && res.StatusCode < 300 {
		return nil
	}
	return c.refused(res)
}

func (c *Client) request(ctx context.Context, m Message) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.Address, bytes.NewReader(m.Body))
	if err != nil {
		return nil, &Error{Why: "the address is none", vain: true}
	}
	signer, err := standardwebhooks.NewWebhook(m.Secret)
	if err != nil || m.Secret == "" {
		return nil, &Error{Why: "there is no secret to sign with", vain: true}
	}
	at := c.o.Now()
	signature, err := signer.Sign(m.ID, at, m.Body)
	if err != nil {
		return nil, &Error{Why: "it cannot be signed", vain: true}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Heed")
	req.Header.Set(standardwebhooks.HeaderWebhookID, m.ID)
	req.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	req.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	return req, nil
}

// unreached is why there was no answer, without the address.
func unreached(err error) error {
	switch {
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedPort), errors.Is(err, ssrf.ErrProhibitedNetwork):
		return &Error{Why: "the host is not on the public internet", vain: true}
	case errors.Is(err, context.DeadlineExceeded):
		return &Error{Why: "the host did not answer in time"}
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return &Error{Why: "the host's certificate is not trusted"}
	}
	return &Error{Why: "the host was not reached"}
}

// refused is what an answer other than 2xx means.
func (c *Client) refused(res *http.Response) error {
	e := &Error{Why: fmt.Sprintf("the receiver answered %d", res.StatusCode), after: fetch.RetryAfter(res.Header.Get("Retry-After"), c.o.Now())}
	if res.StatusCode == http.StatusGone {
		e.Why, e.vain, e.gone = "the receiver wants no more (410)", true, true
	}
	return e
}

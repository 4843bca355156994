// Package fetch brings recordings from the platforms that made them: over
// HTTPS, from hosts that the settings allow, with the platform's credentials.
//
// An address comes from a webhook or from a caller of the API, so it is never
// trusted: each connection, of each attempt and each redirect, is refused after
// the name was resolved and before anything is sent when it would go to an
// address that is not public. Credentials go to the host of the address alone
// and never along with a redirect. Proxies of the environment are not used.
// What comes is bounded in time as a whole and in each silence; who takes it
// bounds its size. Addresses are secrets and are in no error.
package fetch

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

const (
	// mostHops is how many redirects are followed.
	mostHops = 5
	// largestPointer bounds an answer in JSON that says where the recording is.
	largestPointer = 64 << 10
	// longestWait bounds what a server may ask us to wait.
	longestWait = 24 * time.Hour
)

// Options say what may be fetched and how.
type Options struct {
	// Hosts are those of each platform, beside those that are known. One that
	// begins with a dot stands for all below it.
	Hosts map[string][]string
	// Credentials are those of each platform.
	Credentials map[string]Credential
	Within      time.Duration // a whole transfer; 0 is 30 minutes
	Silence     time.Duration // while something should come; 0 is 30 s

	// What follows is for tests: what stands in for the internet.
	Guard    func(network, address string, c syscall.RawConn) error // nil lets through what is public
	Resolver *net.Resolver
	TLS      *tls.Config
	Now      func() time.Time // nil is time.Now
}

// known are the hosts at which platforms say that their recordings are.
var known = map[string][]string{
	"twilio":   {"api.twilio.com"},
	"callrail": {"api.callrail.com", "app.callrail.com"},
	"vonage":   {".nexmo.com", ".vonage.com"},
	"telnyx":   {"api.telnyx.com"},
	"plivo":    {"api.plivo.com", "media.plivo.com"},
}

// Client fetches. It is safe for concurrent use; Close it in the end.
type Client struct {
	o    Options
	wire *http.Transport // not a client: it would follow redirects, and quote them
}

// New makes a Client.
func New(o Options) *Client {
	o.Within, o.Silence = cmp.Or(o.Within, 30*time.Minute), cmp.Or(o.Silence, 30*time.Second)
	if o.Guard == nil {
		o.Guard = ssrf.New(ssrf.WithPorts(443)).Safe
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: o.Guard, Resolver: o.Resolver}
	return &Client{o: o, wire: &http.Transport{
		DialContext: dialer.DialContext, TLSClientConfig: o.TLS, TLSHandshakeTimeout: 10 * time.Second,
		ResponseHeaderTimeout: o.Silence, DisableCompression: true, MaxResponseHeaderBytes: 64 << 10,
		IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
	}}
}

// Close closes idle connections.
func (c *Client) Close() error {
	c.wire.CloseIdleConnections()
	return nil
}

// Error is why something was not fetched.
type Error struct {
	Why   string
	after time.Duration
	vain  bool
	err   error
}

func (e *Error) Error() string {
	if e.err == nil {
		return e.Why
	}
	return e.Why + ": " + e.err.Error()
}

func (e *Error) Unwrap() error { return e.err }

// Later is how long to wait before the next attempt; false when there is no
// point in one.
func (e *Error) Later() (time.Duration, bool) { return e.after, !e.vain }

func inVain(format string, args ...any) error {
	return &Error{Why: fmt.Sprintf(format, args...), vain: true}
}

// Check says why an address of a platform would not be fetched.
func (c *Client) Check(platform, address string) error {
	_, err := c.parse(platform, address)
	return err
}

// parse refuses addresses that are not allowed.
func (c *Client) parse(platform, address string) (*url.URL, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, inVain("the recording's address is none") // the error would quote it
	case u.Scheme != "https":
		return nil, inVain("the recording's address is not https")
	case u.User != nil:
		return nil, inVain("the recording's address holds credentials; they belong in recordings-credentials")
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	allowed := func(pattern string) bool {
		return host == pattern || strings.HasPrefix(pattern, ".") && strings.HasSuffix(host, pattern)
	}
	if host == "" || !slices.ContainsFunc(append(slices.Clone(known[platform]), c.o.Hosts[platform]...), allowed) {
		return nil, inVain("recordings of %s are not fetched from %q; recordings-hosts allows it", clip(platform), clip(host))
	}
	return u, nil
}

func clip(s string) string { return s[:min(len(s), 80)] }

// Fetch brings what is behind an address. Errors of to come back as they are.
func (c *Client) Fetch(ctx context.Context, platform, address string, to io.Writer) error {
	u, err := c.parse(platform, address)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.o.Within, &Error{Why: "the transfer took too long"})
	defer cancel()
	first := u
	for range mostHops {
		next, err := c.hop(ctx, platform, u, sameHost(u, first), to)
		if err != nil || next == "" {
			return cause(ctx, err)
		}
		ref, err := u.Parse(next)
		if err != nil {
			return inVain("it leads to an address that is none")
		}
		if u, err = c.parse(platform, ref.String()); err != nil {
			return err
		}
	}
	return inVain("it leads on and on")
}

func sameHost(a, b *url.URL) bool { return strings.EqualFold(a.Host, b.Host) && a.Scheme == b.Scheme }

// cause gives the reason of an end that we made. A transfer that we ended may
// still look whole: its server had a moment to say so.
func cause(ctx context.Context, err error) error {
	if own := (*Error)(nil); errors.As(context.Cause(ctx), &own) {
		return own
	}
	if err == nil {
		return ctx.Err()
	}
	return err
}

// hop asks at one address, and gives the next one where it leads on.
func (c *Client) hop(ctx context.Context, platform string, u *url.URL, trusted bool, to io.Writer) (next string, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return "", inVain("the recording's address is none")
	}
	req.Header.Set("Accept", "audio/*, application/octet-stream, application/json;q=0.5")
	req.Header.Set("User-Agent", "Heed")
	if credential := c.o.Credentials[platform]; trusted && credential != nil {
		if err := credential(req, c.o.Now()); err != nil {
			return "", &Error{Why: "the credentials for " + clip(platform) + " cannot be used", err: err}
		}
	}
	res, err := c.wire.RoundTrip(req)
	if err != nil {
		return "", unreached(err)
	}
	defer func() { _ = res.Body.Close() }()
	body := c.impatient(res.Body, cancel)
	defer body.timer.Stop()
	switch {
	case res.StatusCode >= 300 && res.StatusCode < 400 && res.Header.Get("Location") != "":
		return res.Header.Get("Location"), nil
	case res.StatusCode != http.StatusOK:
		return "", c.refused(res)
	}
	next, err = take(res, body, to)
	return next, cause(ctx, err)
}

// take takes what came: a recording, or where it is.
func take(res *http.Response, body io.Reader, to io.Writer) (next string, err error) {
	switch kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")); kind {
	case "application/json":
		var where struct {
			URL string `json:"url"`
		}
		if err := json.NewDecoder(io.LimitReader(body, largestPointer)).Decode(&where); err != nil || where.URL == "" {
			return "", inVain("it is JSON that names no url")
		}
		return where.URL, nil
	case "text/html":
		return "", &Error{Why: "it is a page and no recording: somebody must sign in there, or the credentials are wrong"}
	}
	source := &reading{Reader: body}
	_, err = io.Copy(to, source)
	if source.err != nil {
		return "", &Error{Why: "the transfer broke off", err: source.err}
	}
	return "", err
}

// reading keeps the error of reading apart from that of writing.
type reading struct {
	io.Reader

	err error
}

func (r *reading) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// impatient ends a transfer in which nothing comes.
type impatient struct {
	io.Reader

	timer *time.Timer
	most  time.Duration
}

func (c *Client) impatient(r io.Reader, cancel context.CancelCauseFunc) *impatient {
	timer := time.AfterFunc(c.o.Silence, func() { cancel(&Error{Why: "nothing came any more"}) })
	return &impatient{r, timer, c.o.Silence}
}

func (r *impatient) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	r.timer.Reset(r.most)
	return n, err
}

// unreached is why there was no answer.
func unreached(err error) error {
	if errors.Is(err, ssrf.ErrProhibitedIP) || errors.Is(err, ssrf.ErrProhibitedPort) || errors.Is(err, ssrf.ErrProhibitedNetwork) {
		return inVain("the host is not on the public internet")
	}
	return &Error{Why: "the host was not reached", err: err}
}

// refused is what an answer other than 200 means.
func (c *Client) refused(res *http.Response) error {
	e := &Error{Why: "the platform answered " + res.Status, after: RetryAfter(res.Header.Get("Retry-After"), c.o.Now())}
	switch res.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusRequestTimeout,
		http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests:
		// Credentials are mended, and a recording may be told of before it is there.
	default:
		e.vain = res.StatusCode < 500
	}
	return e
}

// RetryAfter is how long an answer with such a header of that name (seconds or
// a date, RFC 9110) asks to wait; 0 where it does not, and a day at most.
func RetryAfter(header string, now time.Time) time.Duration {
	wait := time.Duration(0)
	if n, err := strconv.Atoi(header); err == nil && n > 0 {
		wait = time.Duration(min(n, int(longestWait/time.Second))) * time.Second
	} else if at, err := http.ParseTime(header); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), longestWait)
}

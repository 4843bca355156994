package fetch

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"go.uber.org/goleak"
	"golang.org/x/net/dns/dnsmessage"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// names answers every question for an address with what it gives.
func names(t *testing.T, answer func() netip.Addr) *net.Resolver {
	t.Helper()
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			defer ours.Close()
			for serveName(ours, answer) {
			}
		}()
		return theirs, nil
	}}
}

// serveName answers one question in the form that DNS has over a stream.
func serveName(c net.Conn, answer func() netip.Addr) bool {
	var size [2]byte
	if _, err := io.ReadFull(c, size[:]); err != nil {
		return false
	}
	raw := make([]byte, binary.BigEndian.Uint16(size[:]))
	if _, err := io.ReadFull(c, raw); err != nil {
		return false
	}
	var m dnsmessage.Message
	if err := m.Unpack(raw); err != nil || len(m.Questions) != 1 {
		return false
	}
	m.Response, m.Additionals = true, nil
	if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
		m.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, Type: q.Type},
			Body:   &dnsmessage.AResource{A: answer().As4()},
		}}
	}
	out, err := m.Pack()
	if err != nil {
		return false
	}
	_, err = c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(out))), out...))
	return err == nil
}

// platform is a host of recordings, reached as example.com and as 127.0.0.1.
type platform struct {
	*httptest.Server
	port  string
	asked atomic.Int64
}

func start(t *testing.T, handle http.HandlerFunc) *platform {
	t.Helper()
	p := &platform{}
	p.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.asked.Add(1)
		handle(w, r)
	}))
	t.Cleanup(p.Close)
	_, p.port, _ = net.SplitHostPort(p.Listener.Addr().String())
	return p
}

func (p *platform) at(path string) string { return "https://example.com:" + p.port + path }

// client reaches the platform as if loopback were the internet.
func (p *platform) client(t *testing.T, change func(*Options)) *Client {
	t.Helper()
	o := Options{
		Hosts: map[string][]string{"twilio": {"example.com", "127.0.0.1"}},
		TLS:   p.Client().Transport.(*http.Transport).TLSClientConfig.Clone(),
		Guard: func(string, string, syscall.RawConn) error { return nil },
	}
	o.Resolver = names(t, func() netip.Addr { return netip.MustParseAddr("127.0.0.1") })
	if change != nil {
		change(&o)
	}
	c := New(o)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// fetched gives what came, or why nothing did, and whether there is hope.
func fetched(t *testing.T, c *Client, address string) (body string, wait time.Duration, hope bool, err error) {
	t.Helper()
	var b bytes.Buffer
	err = c.Fetch(t.Context(), "twilio", address, &b)
	if e := (*Error)(nil); errors.As(err, &e) {
		wait, hope = e.Later()
	}
	if err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "https:")) {
		t.Errorf("the error quotes an address: %v", err)
	}
	return b.String(), wait, hope, err
}

// A recording of Twilio as its documentation has it: behind basic auth with the
// account's id and token, and, for some accounts, in a bucket elsewhere.
func TestARecordingIsFetchedWithItsCredentials(t *testing.T) {
	var elsewhere atomic.Bool
	p := start(t, nil)
	p.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, ok := r.BasicAuth()
		switch {
		case strings.HasPrefix(r.Host, "127.0.0.1"):
			if r.Header.Get("Authorization") != "" || r.Header.Get("Referer") != "" {
				t.Errorf("credentials or the address were carried to another host: %v", r.Header)
			}
			_, _ = io.WriteString(w, "RIFF from the bucket")
		case !ok || user != "AC1" || password != "to:ken":
			w.WriteHeader(http.StatusUnauthorized)
		case r.URL.Path == "/recording.json": // CallRail's way
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"url": "https://127.0.0.1:`+p.port+`/bucket?signature=secret"}`)
		case elsewhere.Load():
			http.Redirect(w, r, "https://127.0.0.1:"+p.port+"/bucket?signature=secret", http.StatusFound)
		default:
			_, _ = io.WriteString(w, "RIFF as it is")
		}
	})
	credentials, err := ParseCredentials([]string{"twilio=basic:AC1:to:ken"})
	if err != nil {
		t.Fatal(err)
	}
	c := p.client(t, func(o *Options) { o.Credentials = credentials })
	if got, _, _, err := fetched(t, c, p.at("/Recordings/RE1")); got != "RIFF as it is" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	elsewhere.Store(true)
	for _, path := range []string{"/Recordings/RE1", "/recording.json"} {
		if got, _, _, err := fetched(t, c, p.at(path)); got != "RIFF from the bucket" || err != nil {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
	without := p.client(t, nil)
	if _, _, hope, err := fetched(t, without, p.at("/Recordings/RE1")); err == nil || !hope {
		t.Errorf("without credentials, which may be set: %v, hope %v", err, hope)
	}
}

func TestNothingBehindTheFirewallIsReached(t *testing.T) {
	p := start(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "a secret of the inside") })
	inside := []string{
		"127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
		"[::1]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
	}
	for _, host := range inside {
		c := p.client(t, func(o *Options) {
			o.Guard = nil // what is public only
			o.Hosts["twilio"] = append(o.Hosts["twilio"], strings.Trim(host, "[]"))
		})
		if _, _, hope, err := fetched(t, c, "https://"+host+"/latest/meta-data"); err == nil || hope {
			t.Errorf("%s: %v, hope %v", host, err, hope)
		}
	}
	for _, address := range []string{
		"http://example.com/x", "https://user:secret@example.com/x", "https://other.example/x", "https://metadata.google.internal/x",
		"https://localhost/x", "https://2130706433/x", "https://0x7f.1/x", "file:///etc/passwd", "gopher://example.com/x", "//example.com/x", "", "https://", "https://exa mple.com/",
		"https://notexample.com/x", "https://example.com.evil.example/x",
	} {
		c := p.client(t, nil)
		if _, _, hope, err := fetched(t, c, address); err == nil || hope || c.Check("twilio", address) == nil {
			t.Errorf("%q: %v, hope %v", address, err, hope)
		}
	}
	if n := p.asked.Load(); n > 0 {
		t.Errorf("%d requests came through", n)
	}
}

func TestARedirectGoesNowhereElse(t *testing.T) {
	var to atomic.Value
	p := start(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/start" {
			w.Header().Set("Location", to.Load().(string))
			w.WriteHeader(http.StatusFound)
			return
		}
		http.Redirect(w, r, "/again"+r.URL.Path, http.StatusFound)
	})
	c := p.client(t, nil)
	for _, target := range []string{
		"https://169.254.169.254/latest/meta-data", "https://[::1]/x", "http://example.com/x", "https://metadata.google.internal/x",
		"https://localhost/x", "//evil.example/x", "file:///etc/passwd", "https://exa mple/", "/round",
	} {
		to.Store(target)
		if _, _, hope, err := fetched(t, c, p.at("/start")); err == nil || hope {
			t.Errorf("to %s: %v, hope %v", target, err, hope)
		}
	}
}

// A name that is public when it is looked at and private when it is dialled
// reaches nothing: the address is checked as it is dialled.
func TestANameThatChangesItsAddress(t *testing.T) {
	p := start(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "a secret of the inside") })
	var asked atomic.Int64
	c := p.client(t, func(o *Options) {
		o.Guard = nil
		o.Resolver = names(t, func() netip.Addr {
			if asked.Add(1) == 1 {
				return netip.MustParseAddr("93.184.215.14")
			}
			return netip.MustParseAddr("127.0.0.1")
		})
	})
	if _, err := c.o.Resolver.LookupNetIP(t.Context(), "ip4", "example.com"); err != nil { // as one who checks first
		t.Fatal(err)
	}
	if _, _, hope, err := fetched(t, c, "https://example.com/x"); err == nil || hope || asked.Load() < 2 || p.asked.Load() > 0 {
		t.Errorf("%v, hope %v; resolved %d times, %d requests came through", err, hope, asked.Load(), p.asked.Load())
	}
}

func TestWhatAnswersMean(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, a := range []struct {
		status int
		header [2]string
		body   string
		hope   bool
		wait   time.Duration
	}{
		{status: 401, hope: true},
		{status: 404, hope: true},
		{status: 410},
		{status: 400},
		{status: 500, hope: true},
		{status: 429, header: [2]string{"Retry-After", "120"}, hope: true, wait: 2 * time.Minute},
		{status: 503, header: [2]string{"Retry-After", "Mon, 02 Mar 2026 10:00:00 GMT"}, hope: true, wait: time.Hour},
		{status: 503, header: [2]string{"Retry-After", "999999999999999999999"}, hope: true},
		{status: 503, header: [2]string{"Retry-After", "2000000000"}, hope: true, wait: 24 * time.Hour},
		{status: 200, header: [2]string{"Content-Type", "text/html; charset=utf-8"}, body: "<html>sign in", hope: true},
		{status: 200, header: [2]string{"Content-Type", "application/json"}, body: `{"error": 1}`},
		{status: 200, header: [2]string{"Content-Length", "100"}, body: "RIFF", hope: true}, // it breaks off
		{status: 302},
	} {
		p := start(t, func(w http.ResponseWriter, _ *http.Request) {
			if a.header[0] != "" {
				w.Header().Set(a.header[0], a.header[1])
			}
			w.WriteHeader(a.status)
			_, _ = io.WriteString(w, a.body)
		})
		c := p.client(t, func(o *Options) { o.Now = func() time.Time { return now } })
		if _, wait, hope, err := fetched(t, c, p.at("/x")); err == nil || hope != a.hope || wait != a.wait {
			t.Errorf("%d %v: %v; hope %v, wait %s", a.status, a.header, err, hope, wait)
		}
	}
}

func TestWhoSendsNothingIsNotWaitedFor(t *testing.T) {
	done := make(chan struct{})
	p := start(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/silent" {
			<-done
			return
		}
		for { // one byte now and then
			if _, err := w.Write([]byte("R")); err != nil {
				return
			}
			_ = http.NewResponseController(w).Flush()
			select {
			case <-done:
				return
			case <-r.Context().Done():
				return
			case <-time.After(20 * time.Millisecond):
			}
			if r.URL.Path == "/stops" {
				<-done
				return
			}
		}
	})
	defer close(done)
	c := p.client(t, func(o *Options) { o.Silence, o.Within = 200*time.Millisecond, 600*time.Millisecond })
	for path, says := range map[string]string{"/silent": "not reached", "/stops": "nothing came any more", "/drips": "took too long"} {
		if _, _, hope, err := fetched(t, c, p.at(path)); err == nil || !strings.Contains(err.Error(), says) || !hope {
			t.Errorf("%s: %v, hope %v", path, err, hope)
		}
	}
}

type full struct{}

var errFull = errors.New("the disk is full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestErrorsOfTheTakerComeBack(t *testing.T) {
	p := start(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "RIFF") })
	if err := p.client(t, nil).Fetch(t.Context(), "twilio", p.at("/x"), full{}); !errors.Is(err, errFull) {
		t.Error(err)
	}
}

func TestCredentialsAreReadAndNeverQuoted(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "private.key")
	block := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	if err := os.WriteFile(file, block, 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := ParseCredentials([]string{"twilio=basic:AC1:secret", "callrail=token:abc", "telnyx=bearer:K:E", "odd=header:X-Key:v:w", "vonage=jwt:app-1:" + file})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	of := func(platform, name string) string {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://example.com", nil)
		if err := all[platform](r, now); err != nil {
			t.Error(err)
		}
		return r.Header.Get(name)
	}
	for _, c := range [][3]string{
		{"twilio", "Authorization", "Basic QUMxOnNlY3JldA=="},
		{"callrail", "Authorization", `Token token="abc"`},
		{"telnyx", "Authorization", "Bearer K:E"},
		{"odd", "X-Key", "v:w"},
	} {
		if got := of(c[0], c[1]); got != c[2] {
			t.Errorf("%s: %q, want %q", c[0], got, c[2])
		}
	}
	claims := jwt.MapClaims{}
	token := strings.TrimPrefix(of("vonage", "Authorization"), "Bearer ")
	_, err = jwt.ParseWithClaims(token, claims, func(*jwt.Token) (any, error) { return &key.PublicKey, nil }, jwt.WithValidMethods([]string{"RS256"}), jwt.WithExpirationRequired())
	if err != nil || claims["application_id"] != "app-1" || claims["jti"] == "" {
		t.Errorf("%v, %v", claims, err)
	}
	for _, bad := range []string{
		"", "twilio", "twilio=", "twilio=secret", "twilio=basic:secret", "=basic:a:secret", "x=token:", "x=jwt:app:/nowhere/secret", "x=header:secret:", "x=bearer:se\ncret",
	} {
		if _, err := ParseCredentials([]string{bad}); err == nil || strings.Contains(err.Error(), "secret") && !strings.Contains(bad, "/nowhere") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := ParseCredentials([]string{"a=token:1", "a=token:2"}); err == nil {
		t.Error("two of one platform")
	}
}

func FuzzCheck(f *testing.F) {
	for _, s := range []string{"https://api.twilio.com/x", "https://api.twilio.com:443@127.0.0.1/", "https://api.twilio.com.evil.example", "https://API.TWILIO.COM.", "\x00"} {
		f.Add(s)
	}
	c := New(Options{TLS: &tls.Config{MinVersion: tls.VersionTLS12}})
	f.Cleanup(func() { _ = c.Close() })
	f.Fuzz(func(t *testing.T, address string) {
		u, err := c.parse("twilio", address)
		if err == nil && (u.Scheme != "https" || u.User != nil || !strings.EqualFold(strings.TrimSuffix(u.Hostname(), "."), "api.twilio.com")) {
			t.Errorf("%q is allowed as %s", address, u)
		}
	})
}

package mail_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/internal/mail"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func read(t *testing.T, raw []byte) (*netmail.Message, string) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	return m, strings.ReplaceAll(string(body), "\r\n", "\n")
}

func TestTheOutboxHoldsWholeMessages(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "outbox")
	box := mail.Outbox{Dir: dir, From: "Shop <hello@example.com>"}
	long := strings.Repeat("رابط ", 40) + "https://heed.example/my/open?t=abc"
	if err := box.Send(t.Context(), mail.Message{Kind: "email", To: "ann@example.com", Subject: "بياناتك", Text: long, Language: "ar"}); err != nil {
		t.Fatal(err)
	}
	if err := box.Send(t.Context(), mail.Message{Kind: "phone", To: "+12025550143", Text: "123456", Language: "en"}); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) != 2 {
		t.Fatalf("%v, %v", names, err)
	}
	seen := map[string]string{}
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != 0o600 || filepath.Ext(name) != ".eml" {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m, text := read(t, raw)
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil {
			t.Error(err)
		}
		seen[m.Header.Get("To")] = m.Header.Get("Content-Language") + "|" + subject + "|" + text
	}
	if got := seen["<ann@example.com>"]; got != "ar|بياناتك|"+long {
		t.Errorf("the e-mail: %q", got)
	}
	if got := seen["<+12025550143@sms.invalid>"]; got != "en|Text message|123456" {
		t.Errorf("the text message: %q", got)
	}
}

// Forgetting a person destroys their messages and nobody else's.
func TestMessagesToAPersonAreForgotten(t *testing.T) {
	t.Parallel()
	box := mail.Outbox{Dir: filepath.Join(t.TempDir(), "outbox"), From: "hello@example.com"}
	if err := box.Forget([]string{"anna"}); err != nil {
		t.Errorf("without a folder: %v", err)
	}
	for _, who := range []string{"anna", "anna", "ben", "../anna*"} {
		if err := box.Send(t.Context(), mail.Message{CustomerID: who, Kind: "email", To: who[len(who)-3:] + "x@example.com", Text: "hello"}); err != nil && !errors.Is(err, mail.ErrRefused) {
			t.Fatal(err)
		}
	}
	if err := box.Forget([]string{"anna", "*"}); err != nil {
		t.Error(err)
	}
	left, err := filepath.Glob(filepath.Join(box.Dir, "*"))
	if err != nil || len(left) != 2 {
		t.Fatalf("left: %v, %v", left, err)
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	box := mail.Outbox{Dir: dir, From: "hello@example.com"}
	for _, to := range []string{"", "zed", "zed@example.com\r\nBcc: eve@example.com", "a b@example.com"} {
		err := box.Send(t.Context(), mail.Message{Kind: "email", To: to, Text: "x"})
		if !errors.Is(err, mail.ErrRefused) || (to != "" && strings.Contains(err.Error(), to)) {
			t.Errorf("%q: %v", to, err)
		}
	}
	if err := box.Send(t.Context(), mail.Message{Kind: "email", To: "ann@example.com", Subject: "a\r\nBcc: eve@example.com", Text: "x"}); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) != 1 {
		t.Fatalf("%v, %v", names, err)
	}
	raw, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	if m, _ := read(t, raw); m.Header.Get("Bcc") != "" {
		t.Error("a subject brought a header in")
	}
}

// server is a mail server that wants TLS before it listens.
type server struct {
	t    *testing.T
	cert tls.Certificate
	l    net.Listener
	wg   sync.WaitGroup
	mu   sync.Mutex
	// refuse answers the recipient with an error.
	refuse bool
	plain  bool // offers no TLS
	got    string
	auth   string
}

func listen(t *testing.T, plain bool) (*server, *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, l: l, cert: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, plain: plain}
	s.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.wg.Go(func() { s.talk(c) })
		}
	})
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		s.wg.Wait()
	})
	return s, &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}
}

func (s *server) talk(c net.Conn) {
	defer func() { _ = c.Close() }()
	in := bufio.NewReader(c)
	say := func(line string) { _, _ = io.WriteString(c, line+"\r\n") }
	say("220 ready")
	secure := false
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			switch {
			case secure:
				say("250-here\r\n250 AUTH PLAIN")
			case s.plain:
				say("250 here")
			default:
				say("250-here\r\n250 STARTTLS")
			}
		case "STARTTLS":
			say("220 go on")
			c = tls.Server(c, &tls.Config{Certificates: []tls.Certificate{s.cert}})
			in, secure = bufio.NewReader(c), true
		case "AUTH":
			s.note(&s.auth, strings.TrimSpace(line))
			say("235 welcome")
		case "RCPT":
			if s.refuse {
				say("550 no mailbox ann@example.com here")
				continue
			}
			say("250 ok")
		case "DATA":
			say("354 go on")
			s.note(&s.got, data(in))
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func data(in *bufio.Reader) string {
	var b strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil || line == ".\r\n" {
			return b.String()
		}
		b.WriteString(line)
	}
}

func (s *server) note(into *string, what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*into = what
}

func (s *server) took() (got, auth string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got, s.auth
}

func TestAMailServerGetsTheMessageOverTLS(t *testing.T) {
	t.Parallel()
	s, trust := listen(t, false)
	send := mail.SMTP{Address: s.l.Addr().String(), User: "heed", Password: "swordfish", From: "hello@example.com", TLS: trust}
	if err := send.Send(t.Context(), mail.Message{Kind: "email", To: "ann@example.com", Subject: "Your data", Text: "the code is 123456"}); err != nil {
		t.Fatal(err)
	}
	got, auth := s.took()
	if m, text := read(t, []byte(got)); !strings.Contains(text, "123456") || m.Header.Get("To") != "<ann@example.com>" {
		t.Errorf("%q", got)
	}
	if !strings.HasPrefix(auth, "AUTH PLAIN") {
		t.Errorf("%q", auth)
	}
}

func TestAMailServerThatRefuses(t *testing.T) {
	t.Parallel()
	s, trust := listen(t, false)
	s.refuse = true
	send := mail.SMTP{Address: s.l.Addr().String(), From: "hello@example.com", TLS: trust}
	err := send.Send(t.Context(), mail.Message{Kind: "email", To: "ann@example.com", Text: "x"})
	if err == nil || strings.Contains(err.Error(), "ann@") {
		t.Errorf("%v, want an error without the address", err)
	}
}

// TestNothingIsSentInTheClear: a server without TLS, and one whose certificate
// nobody vouches for, get nothing.
func TestNothingIsSentInTheClear(t *testing.T) {
	t.Parallel()
	m := mail.Message{Kind: "email", To: "ann@example.com", Text: "x"}
	clear, trust := listen(t, true)
	if err := (mail.SMTP{Address: clear.l.Addr().String(), From: "hello@example.com", TLS: trust}).Send(t.Context(), m); err == nil {
		t.Error("sent without TLS")
	}
	stranger, _ := listen(t, false)
	if err := (mail.SMTP{Address: stranger.l.Addr().String(), From: "hello@example.com"}).Send(t.Context(), m); err == nil {
		t.Error("sent to a stranger")
	}
	for _, s := range []*server{clear, stranger} {
		if got, _ := s.took(); got != "" {
			t.Errorf("it got %q", got)
		}
	}
}

// noted is a sender that remembers.
type noted struct{ kinds []string }

func (n *noted) Send(_ context.Context, m mail.Message) error {
	n.kinds = append(n.kinds, m.Kind)
	return nil
}

func TestTextMessagesGoAnotherWay(t *testing.T) {
	t.Parallel()
	n := &noted{}
	send := mail.SMTP{Address: "127.0.0.1:1", From: "hello@example.com", Other: n}
	if err := send.Send(t.Context(), mail.Message{Kind: "phone", To: "+12025550143", Text: "x"}); err != nil || len(n.kinds) != 1 {
		t.Errorf("%v, %v", n.kinds, err)
	}
}

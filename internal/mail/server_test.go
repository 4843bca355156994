package mail_test

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"heed/internal/mail"
)

// backend is a mail server of another library, which does as a test says.
type backend struct {
	refuse *smtp.SMTPError
	hang   chan struct{}

	mu  sync.Mutex
	got []string
}

func (b *backend) NewSession(*smtp.Conn) (smtp.Session, error) { return b, nil }
func (b *backend) Reset()                                      {}
func (b *backend) Logout() error                               { return nil }

func (b *backend) Mail(string, *smtp.MailOptions) error { return nil }

func (b *backend) Rcpt(string, *smtp.RcptOptions) error {
	if b.hang != nil {
		<-b.hang
	}
	if b.refuse != nil {
		return b.refuse
	}
	return nil
}

func (b *backend) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.got = append(b.got, string(raw))
	return err
}

func (b *backend) took() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.got
}

// post runs a server, TLS at once or by STARTTLS, or without any.
func post(t *testing.T, b *backend, how mail.Security) mail.SMTP {
	t.Helper()
	source, trust := listen(t, false) // for its certificate
	s := smtp.NewServer(b)
	s.Domain, s.AllowInsecureAuth = "localhost", false
	if how != mail.Clear {
		s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{source.cert}}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if how == mail.AtOnce {
		l = tls.NewListener(l, s.TLSConfig)
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() {
		if b.hang != nil {
			close(b.hang)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			t.Error(err)
		}
	})
	return mail.SMTP{Address: address, Security: how, From: "Heed <heed@example.com>", TLS: trust}
}

var alert = mail.Message{
	ID: "019de2c4-6a40", Kind: "email", To: "ann@example.com", Subject: "Refunds: 12 calls", Text: "12 calls", HTML: `<p dir="rtl">12</p>`, Language: "ar",
	Leave: "https://heed.example/unsubscribe/x",
}

func TestEachWayToAMailServer(t *testing.T) {
	t.Parallel()
	for _, how := range []mail.Security{mail.AtOnce, mail.StartTLS, mail.Clear} {
		b := &backend{}
		s := post(t, b, how)
		for range 2 { // a second attempt bears the same id
			if err := s.Send(t.Context(), alert); err != nil {
				t.Fatalf("%s: %v", how, err)
			}
		}
		got := b.took()
		if len(got) != 2 {
			t.Fatalf("%s: %d messages", how, len(got))
		}
		for _, want := range []string{
			"Message-ID: <019de2c4-6a40@example.com>", "List-Unsubscribe: <https://heed.example/unsubscribe/x>",
			"List-Unsubscribe-Post: List-Unsubscribe=One-Click", "multipart/alternative", "text/html", `dir=3D"rtl"`, "Content-Language: ar",
		} {
			if !strings.Contains(got[0], want) || !strings.Contains(got[1], want) {
				t.Errorf("%s: %q is not in %s", how, want, got[0])
			}
		}
	}
}

// TestSTARTTLSIsDemanded: a server that does not offer it gets nothing.
func TestSTARTTLSIsDemanded(t *testing.T) {
	t.Parallel()
	b := &backend{}
	s := post(t, b, mail.Clear)
	for _, how := range []mail.Security{"", mail.Auto, mail.StartTLS} {
		s.Security = how
		if err := s.Send(t.Context(), alert); err == nil {
			t.Errorf("%q: sent in the clear", how)
		}
	}
	if got := b.took(); len(got) != 0 {
		t.Errorf("it got %q", got)
	}
}

func TestWhatIsInVain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code int
		vain bool
	}{{451, false}, {421, false}, {550, true}, {552, true}} {
		s := post(t, &backend{refuse: &smtp.SMTPError{Code: c.code, Message: "no ann@example.com"}}, mail.StartTLS)
		err := s.Send(t.Context(), alert)
		var why *mail.Error
		if !errors.As(err, &why) || why.Vain != c.vain || strings.Contains(err.Error(), "ann") {
			t.Errorf("%d: %v", c.code, err)
		}
	}
	if err := (mail.SMTP{Address: "127.0.0.1:1", From: "heed@example.com"}).Send(t.Context(), alert); err == nil || errors.As(err, new(*mail.Error)) && strings.Contains(err.Error(), "refused with") {
		t.Errorf("nobody listens: %v", err)
	}
}

func TestAMailServerThatHangs(t *testing.T) {
	t.Parallel()
	s := post(t, &backend{hang: make(chan struct{})}, mail.StartTLS)
	s.Within = 200 * time.Millisecond
	began := time.Now()
	err := s.Send(t.Context(), alert)
	var why *mail.Error
	if !errors.As(err, &why) || why.Vain || time.Since(began) > 5*time.Second {
		t.Errorf("%v after %s", err, time.Since(began))
	}
}

func TestWhatIsAnAddress(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"ann@example.com", "a.b+c@sub.example.co.uk", "x@localhost"} {
		if err := mail.Check(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "ann", "Ann <ann@example.com>", "ann@example.com, bob@example.com", "ann@example.com\r\nBcc: eve@example.com", " ann@example.com",
		strings.Repeat("a", 250) + "@example.com", "ann@", "@example.com",
	} {
		if err := mail.Check(bad); !errors.Is(err, mail.ErrRefused) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// FuzzCheck: no address that is taken can end a line of a header.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{"ann@example.com", "\"a b\"@example.com", "a@b\r\nc: d", "<a@b>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if mail.Check(s) == nil && strings.ContainsAny(s, "\r\n\x00") {
			t.Errorf("%q is taken", s)
		}
	})
}

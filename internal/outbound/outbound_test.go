package outbound

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(string, string, syscall.RawConn) error { return nil }

// receiver is a real server that answers as told and checks as its makers'
// library does.
func receiver(t *testing.T, secret string, answer http.HandlerFunc) (*Client, string) {
	t.Helper()
	verify, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = verify.Verify(body, r.Header)
		}
		if err != nil {
			t.Errorf("what came: %v", err)
		}
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	c := New(Options{Guard: open, TLS: s.Client().Transport.(*http.Transport).TLSClientConfig, Within: 2 * time.Second}) //nolint:forcetypeassert // httptest's
	t.Cleanup(func() { _ = c.Close() })
	return c, s.URL + "/alerts?team=red"
}

func TestTheVectorOfTheStandard(t *testing.T) {
	c := New(Options{Now: func() time.Time { return time.Unix(1614265330, 0) }})
	req, err := c.request(t.Context(), Message{
		ID: "msg_p5jXN8AQM9LWM0D4loKWxJek", Address: "https://example.com/", Secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", Body: []byte(`{"test": 2432232314}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := req.Header.Get("webhook-signature"); got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("signature %q", got)
	}
}

func TestWhatAReceiverAnswers(t *testing.T) {
	secret := NewSecret()
	if raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_")); err != nil || len(raw) != 32 || secret == NewSecret() {
		t.Fatalf("secret of %d bytes, %v", len(raw), err)
	}
	for name, c := range map[string]struct {
		status int
		header string
		after  time.Duration
		again  bool
		gone   bool
	}{
		"taken":     {204, "", 0, false, false},
		"slow down": {429, "120", 2 * time.Minute, true, false},
		"too long":  {503, "99999999", 24 * time.Hour, true, false},
		"nonsense":  {500, "soon", 0, true, false},
		"not found": {404, "", 0, true, false},
		"moved":     {302, "", 0, true, false},
		"gone":      {410, "", 0, false, true},
	} {
		var asked atomic.Int32
		client, url := receiver(t, secret, func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			w.Header().Set("Retry-After", c.header)
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(c.status)
		})
		err := client.Send(t.Context(), Message{ID: "msg_1", Address: url, Secret: secret, Body: []byte(`{}`)})
		if asked.Load() != 1 {
			t.Errorf("%s: asked %d times", name, asked.Load())
		}
		if c.status == 204 {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		var why *Error
		if !errors.As(err, &why) || strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if after, again := why.Later(); after != c.after || again != c.again || why.Gone() != c.gone {
			t.Errorf("%s: after %s, again %v, gone %v", name, after, again, why.Gone())
		}
	}
}

func TestAReceiverThatHangs(t *testing.T) {
	secret := NewSecret()
	client, url := receiver(t, secret, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	client.o.Within = 50 * time.Millisecond
	err := client.Send(t.Context(), Message{ID: "msg_1", Address: url, Secret: secret, Body: []byte(`{}`)})
	var why *Error
	if !errors.As(err, &why) || why.Why != "the host did not answer in time" {
		t.Errorf("%v", err)
	}
}

// Nothing goes to addresses inside, whatever name they have.
func TestAddressesInsideAreRefused(t *testing.T) {
	c := New(Options{})
	t.Cleanup(func() { _ = c.Close() })
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "10.0.0.1", "192.168.1.1", "169.254.169.254", "[fd00::1]", "0.0.0.0", "100.64.0.1"} {
		err := c.Send(t.Context(), Message{ID: "msg_1", Address: "https://" + host + "/", Secret: NewSecret(), Body: []byte(`{}`)})
		var why *Error
		if !errors.As(err, &why) || why.Why != "the host is not on the public internet" {
			t.Errorf("%s: %v", host, err)
		} else if _, again := why.Later(); again {
			t.Errorf("%s would be tried again", host)
		}
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	for _, a := range []string{
		"", "example.com", "http://example.com/", "https://", "ftp://example.com/", "https://u:p@example.com/", "https://example.com/#x", "https:example.com",
		"https://example.com/\r\nx", "https://example.com/" + strings.Repeat("x", 2000),
	} {
		if Check(a) == nil {
			t.Errorf("%q is taken", a)
		}
	}
	for _, m := range []Message{{ID: "a.b", Address: "https://example.com/", Secret: NewSecret()}, {ID: "a", Address: "https://example.com/"}} {
		if err := New(Options{}).Send(t.Context(), m); err == nil {
			t.Errorf("%+v is sent", m)
		}
	}
}

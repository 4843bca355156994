package google

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/api/option"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"heed/transcribe"
	"heed/transcribe/enginetest"
	"heed/transcribe/remote/remotetest"
)

// serviceAccount writes a service account's key file, as the console gives it
// out.
func serviceAccount(t *testing.T, key *rsa.PrivateKey) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	file, err := json.Marshal(map[string]string{
		"type": "service_account", "project_id": "demo", "private_key_id": "1",
		"private_key":  string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		"client_email": "ears@demo.iam.gserviceaccount.com", "client_id": "1",
		"auth_uri": "https://accounts.google.com/o/oauth2/auth", "token_uri": "https://oauth2.googleapis.com/token",
	})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "account.json")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// signedBy wants a token that the account itself signed, for this service.
func signedBy(key *rsa.PublicKey) func(metadata.MD) error {
	return func(header metadata.MD) error {
		token, bearer := strings.CutPrefix(strings.Join(header.Get("authorization"), ","), "Bearer ")
		parts := strings.Split(token, ".")
		if !bearer || len(parts) != 3 {
			return status.Error(codes.Unauthenticated, "no token")
		}
		sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
		signature, err := base64.RawURLEncoding.DecodeString(parts[2])
		if err != nil || rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) != nil {
			return status.Error(codes.Unauthenticated, "wrong signature")
		}
		claims, err := base64.RawURLEncoding.DecodeString(parts[1])
		if err != nil || !strings.Contains(string(claims), "https://www.googleapis.com/auth/cloud-platform") &&
			!strings.Contains(string(claims), "https://speech.googleapis.com/") {
			return status.Errorf(codes.PermissionDenied, "token is for something else: %s", claims)
		}
		return nil
	}
}

// A service account's file is enough: no other server is asked for a token.
func TestServiceAccount(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	f := &fake{
		ear:  func(rate int) *remotetest.Ear { return remotetest.NewScriptEar(t, rate) },
		auth: signedBy(&key.PublicKey), plan: func(int) plan { return plan{} },
	}
	// httptest has a certificate for 127.0.0.1 ready.
	web := httptest.NewUnstartedServer(nil)
	web.StartTLS()
	defer web.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serve(t, f, listener, grpc.Creds(credentials.NewServerTLSFromCert(&web.TLS.Certificates[0])))
	for _, c := range []struct {
		name    string
		key     *rsa.PrivateKey
		ambient bool // by GOOGLE_APPLICATION_CREDENTIALS
		refuse  bool
	}{{"right", key, false, false}, {"someone else's", other, false, true}, {"the machine's own", key, true, false}} {
		t.Run(c.name, func(t *testing.T) {
			o := Options{Project: "demo", URL: listener.Addr().String(), CredentialsFile: serviceAccount(t, c.key)}
			if c.ambient {
				t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", o.CredentialsFile)
				o.CredentialsFile = ""
			}
			e, err := New(o)
			if err != nil {
				t.Fatal(err)
			}
			closeAfter(t, e)
			roots := x509.NewCertPool()
			roots.AddCert(web.Certificate())
			e.shared.options = append(e.shared.options, option.WithGRPCDialOption(
				grpc.WithTransportCredentials(credentials.NewTLS(&tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}))))
			e.pace = 0
			h := sample(t, e)
			if c.refuse {
				if failure, ok := errors.AsType[*transcribe.Error](h.err); !ok || failure.Verdict != transcribe.UseAnother {
					t.Errorf("Transcribe = %v, want another engine", h.err)
				}
				return
			}
			if h.err != nil || !strings.Contains(h.text(), "cancel my contract") {
				t.Errorf("heard %q, %v", h.text(), h.err)
			}
		})
	}
}

// sample plays the conformance kit's audio at once.
func sample(t *testing.T, e transcribe.Engine) heard {
	t.Helper()
	s := enginetest.Speech(t)
	frames := remotetest.Frames(s.PCM, s.Rate, 0, step)
	feed := make(chan transcribe.Frame, len(frames))
	for _, f := range frames {
		feed <- f
	}
	close(feed)
	var h heard
	h.err = e.Transcribe(t.Context(), feed, func(s transcribe.Segment) error {
		h.segments = append(h.segments, s)
		return nil
	})
	return h
}

// TestRealService needs HEED_TEST_GOOGLE_PROJECT and, unless the machine has
// application default credentials, HEED_TEST_GOOGLE_CREDENTIALS (a service
// account's file) or HEED_TEST_GOOGLE_KEY. It costs about half a minute of
// audio.
func TestRealService(t *testing.T) {
	project := os.Getenv("HEED_TEST_GOOGLE_PROJECT")
	if project == "" {
		t.Skip("the real service is asked only when HEED_TEST_GOOGLE_PROJECT is set")
	}
	e, err := New(Options{
		Project: project, CredentialsFile: os.Getenv("HEED_TEST_GOOGLE_CREDENTIALS"), Key: os.Getenv("HEED_TEST_GOOGLE_KEY"),
	})
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, e)
	h := sample(t, e)
	if h.err != nil || !strings.Contains(h.text(), "cancel") {
		t.Errorf("heard %q, %v", h.text(), h.err)
	}
}

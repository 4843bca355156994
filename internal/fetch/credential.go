package fetch

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

// Credential puts what proves who we are on a request.
type Credential func(r *http.Request, now time.Time) error

// ErrCredential is a line that says no credential. It does not quote it.
var ErrCredential = errors.New("want PLATFORM=basic:USER:PASSWORD, PLATFORM=token:KEY, PLATFORM=bearer:KEY, PLATFORM=jwt:APPLICATION:KEYFILE or PLATFORM=header:NAME:VALUE")

// ParseCredentials reads credentials, one for a platform.
func ParseCredentials(lines []string) (map[string]Credential, error) {
	out := make(map[string]Credential)
	for n, line := range lines {
		platform, what, _ := strings.Cut(strings.TrimSpace(line), "=")
		c, err := parseCredential(what)
		if err == nil && platform == "" {
			err = ErrCredential
		}
		if err == nil && out[platform] != nil {
			err = fmt.Errorf("%s has one already", platform)
		}
		if err != nil {
			return nil, fmt.Errorf("credential %d: %w", n+1, err)
		}
		out[platform] = c
	}
	return out, nil
}

func parseCredential(s string) (Credential, error) {
	kind, rest, _ := strings.Cut(s, ":")
	a, b, two := strings.Cut(rest, ":")
	if rest == "" || strings.ContainsAny(s, "\r\n\x00") {
		return nil, ErrCredential
	}
	switch kind {
	case "token":
		return header("Authorization", `Token token="`+rest+`"`), nil
	case "bearer":
		return header("Authorization", "Bearer "+rest), nil
	}
	if !two || a == "" || b == "" {
		return nil, ErrCredential
	}
	switch kind {
	case "basic":
		return func(r *http.Request, _ time.Time) error { r.SetBasicAuth(a, b); return nil }, nil
	case "header":
		return header(a, b), nil
	case "jwt":
		return signed(a, b)
	}
	return nil, ErrCredential
}

func header(name, value string) Credential {
	return func(r *http.Request, _ time.Time) error { r.Header.Set(name, value); return nil }
}

// lifetime is how long a token of ours is good.
const lifetime = 5 * time.Minute

// signed makes tokens for an application as Vonage has them, by its private
// key.
func signed(application, file string) (Credential, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("the application's key: %w", err)
	}
	key, err := jwt.ParseRSAPrivateKeyFromPEM(raw)
	if err != nil {
		return nil, fmt.Errorf("the application's key in %s is no RSA key in PEM", file)
	}
	return func(r *http.Request, now time.Time) error { return sign(r, application, key, now) }, nil
}

func sign(r *http.Request, application string, key *rsa.PrivateKey, now time.Time) error {
	token, err := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"application_id": application, "iat": now.Unix(), "exp": now.Add(lifetime).Unix(), "jti": uuid.NewString(),
	}).SignedString(key)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	return nil
}

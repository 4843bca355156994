package amazon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"heed/transcribe/remote"
)

const (
	path = "/stream-transcription-websocket"
	// signingName is the service's name in a signature's scope.
	signingName = "transcribe"
	// expires is how long the signed address is good for, in seconds: the most
	// that the service allows. It is used at once; the rest is for clocks that
	// are behind.
	expires = 300
	// emptyHash is the SHA-256 of no body.
	emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

// checkURL refuses what cannot be an endpoint.
func (o Options) checkURL() error {
	if o.URL == "" {
		return nil
	}
	if err := remote.CheckURL(o.URL); err != nil {
		return fmt.Errorf("URL: %w", err)
	}
	if u, err := url.Parse(o.URL); err != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("URL: only ws or wss, host and port are used")
	}
	return nil
}

// endpoint is the service's in a region, or the configured one.
func (o Options) endpoint(region string) string {
	domain := "amazonaws.com"
	switch {
	case o.URL != "":
		return o.URL
	case strings.HasPrefix(region, "cn-"):
		domain = "amazonaws.com.cn"
	}
	return "wss://transcribestreaming." + region + "." + domain + ":8443"
}

// query is what is asked of the service.
func (o Options) query(rate int) url.Values {
	q := url.Values{
		"language-code":  {o.Language},
		"media-encoding": {"pcm"},
		"sample-rate":    {strconv.Itoa(rate)},
	}
	if o.Stability != "" {
		q.Set("enable-partial-results-stabilization", "true")
		q.Set("partial-results-stability", o.Stability)
	}
	if o.Vocabulary != "" {
		q.Set("vocabulary-name", o.Vocabulary)
	}
	if o.Model != "" {
		q.Set("language-model-name", o.Model)
	}
	return q
}

// sign gives the address with the signature in its query. It is a secret.
func (o Options) sign(ctx context.Context, region string, c aws.Credentials, rate int) (string, error) {
	q := o.query(rate)
	q.Set("X-Amz-Expires", strconv.Itoa(expires))
	u, err := url.Parse(o.endpoint(region))
	if err != nil {
		return "", errors.New("endpoint is no URL")
	}
	scheme := u.Scheme
	u.Scheme, u.Path, u.RawQuery = "https", path, q.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return "", errors.New("endpoint is no URL")
	}
	signed, _, err := v4.NewSigner().PresignHTTP(ctx, c, request, emptyHash, signingName, region, time.Now())
	if err != nil {
		return "", fmt.Errorf("sign: %w", err)
	}
	return scheme + strings.TrimPrefix(signed, "https"), nil
}

package amazon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// account finds region and credentials, at the first call because that may
// read files or ask the network. It is shared by all calls, and the SDK's
// cache in it renews credentials that expire.
type account struct {
	o      Options
	mu     sync.Mutex
	config *aws.Config
}

// newAccount notes where to look.
func newAccount(o Options) *account {
	a := &account{o: o}
	if o.AccessKey != "" && o.Region != "" {
		a.config = &aws.Config{
			Region:      o.Region,
			Credentials: credentials.NewStaticCredentialsProvider(o.AccessKey, o.Secret, o.Token),
		}
	}
	return a
}

// get gives region and credentials. An error is tried again by the next call.
func (a *account) get(ctx context.Context) (string, aws.Credentials, error) {
	c, err := a.load(ctx)
	if err != nil {
		return "", aws.Credentials{}, err
	}
	if c.Region == "" {
		return "", aws.Credentials{}, errors.New("no region is set")
	}
	if c.Credentials == nil {
		return "", aws.Credentials{}, errors.New("no credentials are set")
	}
	found, err := c.Credentials.Retrieve(ctx)
	if err != nil {
		return "", aws.Credentials{}, fmt.Errorf("credentials: %w", err)
	}
	return c.Region, found, nil
}

// load reads the default chain's settings once.
func (a *account) load(ctx context.Context) (*aws.Config, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.config != nil {
		return a.config, nil
	}
	// Credentials are fetched once in an hour: connections kept open for that
	// would only be somebody's to close.
	client := awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) { t.DisableKeepAlives = true })
	options := []func(*config.LoadOptions) error{config.WithHTTPClient(client)}
	if a.o.Region != "" {
		options = append(options, config.WithRegion(a.o.Region))
	}
	if a.o.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(a.o.Profile))
	}
	if a.o.AccessKey != "" {
		options = append(options, config.WithCredentialsProvider(
			credentials.NewStaticCredentialsProvider(a.o.AccessKey, a.o.Secret, a.o.Token)))
	}
	c, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	a.config = &c
	return a.config, nil
}

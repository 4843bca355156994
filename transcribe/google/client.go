package google

import (
	"context"
	"errors"
	"fmt"
	"sync"

	speech "cloud.google.com/go/speech/apiv2"
	"google.golang.org/api/option"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const (
	// connections are shared by all streams; the service allows some hundred
	// streams on each, and one lost packet holds up only its own.
	connections = 4
	// maxMessage bounds one answer. A stretch of speech with its words is some
	// kilobytes.
	maxMessage = 1 << 20
)

// errClosed is what calls get after Close.
var errClosed = errors.New("engine is closed")

// client is the vendor's client, made at the first call: making it looks for
// credentials, on the network when it must.
type client struct {
	options []option.ClientOption
	mu      sync.Mutex
	made    *speech.Client
	closed  bool
}

// newClient notes how to connect.
func newClient(o Options) *client {
	c := &client{options: []option.ClientOption{
		option.WithEndpoint(o.endpoint()),
		option.WithGRPCConnectionPool(connections),
		option.WithTelemetryDisabled(),
		option.WithGRPCDialOption(grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessage))),
	}}
	switch {
	case o.plain():
		c.options = append(c.options, option.WithoutAuthentication(),
			option.WithGRPCDialOption(grpc.WithTransportCredentials(insecure.NewCredentials())))
	case o.CredentialsFile != "":
		c.options = append(c.options, option.WithAuthCredentialsFile(option.ServiceAccount, o.CredentialsFile))
	case o.Key != "":
		c.options = append(c.options, option.WithoutAuthentication()) // the key goes with each stream
	}
	return c
}

// get gives the client, making it at first. An error is tried again by the
// next call, because a credentials file may be put right.
func (c *client) get(ctx context.Context) (*speech.Client, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, errClosed
	}
	if c.made == nil {
		// The client outlives the call that made it.
		made, err := speech.NewClient(context.WithoutCancel(ctx), c.options...)
		if err != nil {
			return nil, fmt.Errorf("credentials: %w", err)
		}
		c.made = made
	}
	return c.made, nil
}

// close ends all connections, and with them their streams.
func (c *client) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	if c.made == nil {
		return nil
	}
	made := c.made
	c.made = nil
	return made.Close()
}

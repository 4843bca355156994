// Package sipua makes user agents of SIP: the library's, kept quiet and taking
// messages as long as a datagram carries. Who uses one adds what it answers and
// asks.
//
// It knows no method and listens nowhere by itself.
package sipua

import (
	"fmt"
	"log/slog"
	"sync"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// Name is what we call ourselves in SIP.
const Name = "Heed"

// longest is the most of a datagram of SIP, in bytes. The library sends 1300 at
// most, and a recording session's INVITE is longer; inside a network fragments
// arrive.
const longest = 60_000

// settings of the library that are the same for the whole process.
var settings = sync.OnceFunc(func() { //nolint:gochecknoglobals // as the library's are
	sip.SetDefaultLogger(slog.New(slog.DiscardHandler))
	sip.UDPMTUSize = longest
})

// New makes a user agent. Its lines name addresses and messages of people, so
// none is written.
func New(o ...sipgo.UserAgentOption) (*sipgo.UserAgent, error) {
	settings()
	silent := slog.New(slog.DiscardHandler)
	ua, err := sipgo.NewUA(append([]sipgo.UserAgentOption{
		sipgo.WithUserAgent(Name),
		sipgo.WithUserAgentTransportLayerOptions(sip.WithTransportLayerLogger(silent)),
		sipgo.WithUserAgentTransactionLayerOptions(
			sip.WithTransactionLayerLogger(silent),
			sip.WithTransactionLayerUnhandledResponseHandler(func(*sip.Response) {}),
		),
	}, o...)...)
	if err != nil {
		return nil, fmt.Errorf("sip: user agent: %w", err)
	}
	return ua, nil
}

package play

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/gorilla/websocket"

	"heed/internal/ingest/twilio"
)

// players are the platforms that can be played, by name: each gives the legs
// of one call. Another one is a file of its own and a line here.
func players() map[string]func(context.Context, Options) ([]leg, error) {
	return map[string]func(context.Context, Options) ([]leg, error){
		"asterisk":      playAsterisk,
		"audiosocket":   playAudioSocket,
		"freeswitch":    playFreeSWITCH,
		"jambonz":       playJambonz,
		"plivo":         playPlivo,
		siprecPlatform:  playSIPREC,
		"telnyx":        playTelnyx,
		twilio.Platform: playTwilio,
		"vonage":        playVonage,
	}
}

// Platforms are the names of the platforms that can be played, in order.
func Platforms() []string {
	all := slices.AppendSeq([]string{overWebRTC}, maps.Keys(players()))
	all = slices.AppendSeq(all, maps.Keys(dialogues()))
	slices.Sort(all)
	return all
}

// legsOf makes the legs of a call.
func legsOf(ctx context.Context, o Options) ([]leg, error) {
	name := o.As
	if name == "" {
		name = twilio.Platform
	}
	play := players()[name]
	if play == nil {
		return nil, fmt.Errorf("play: platform %q is not known; there are %s", name, strings.Join(Platforms(), ", "))
	}
	return play(ctx, o)
}

// leg is one connection of a call in the words of its platform: most have one
// for both parties, some one for each. Messages may share memory with those
// that it gave before.
type leg interface {
	// ids are the platform's.
	ids() (call, stream string)
	// dial opens the connection.
	dial(ctx context.Context) (carrier, error)
	speech
}

// speech is what is sent: hello, media for each frame and goodbye, in this
// order.
type speech interface {
	hello() []message
	media(rec *Recording, frame int) []message
	goodbye() []message
}

// reporter is a leg whose platform tells by other ways that a call is over.
type reporter interface {
	report(ctx context.Context) error
}

// carrier is a connection that is open.
type carrier interface {
	// send writes messages, unless the door has closed.
	send(messages []message) error
	// finish sends the last ones and waits until the door has understood.
	finish(goodbye []message) error
	// hangUp frees what the connection holds. It comes last.
	hangUp()
}

// message is what is sent at once; kind is that of a websocket message.
type message struct {
	kind int
	data []byte
}

func text(data []byte) message { return message{websocket.TextMessage, data} }

// closing is how a platform hangs up that has no word for it.
func closing() []message {
	return []message{{websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")}}
}

// doorURL completes the address of a server to that of a door.
func doorURL(raw, path string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", fmt.Errorf("play: address: %w", err)
	}
	switch u.Scheme {
	case "http":
		u.Scheme = "ws"
	case "https":
		u.Scheme = "wss"
	case "ws", "wss":
	default:
		return "", fmt.Errorf("play: address %q: it must start with http://, https://, ws:// or wss://", raw)
	}
	if u.Host == "" {
		return "", fmt.Errorf("play: address %q has no host", raw)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = path
	}
	return u.String(), nil
}

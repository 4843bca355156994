package play

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// What the WHIP door is called, and where it is.
const (
	overWebRTC = "whip"
	whipPath   = "/ingest/whip"
)

// publisher is one WHIP session: a party of a call, or both in stereo.
type publisher struct {
	options Options
	party   string
	codec   webrtc.RTPCodecCapability
	pc      *webrtc.PeerConnection
	track   *webrtc.TrackLocalStaticRTP
	session string // address of the session
	up      chan struct{}
	down    chan struct{}
	seq     uint16
}

// publish plays a recording as a softphone or a gateway does: PCMU in a session
// for each party, or the packets of an Opus file as they are.
func publish(ctx context.Context, o Options) (Result, error) {
	if o.Speed == 0 {
		return Result{}, errors.New("play: over WebRTC nothing says how fast the door takes it: the speed must be more than 0")
	}
	if o.PlatformCall == "" {
		o.PlatformCall = newSID("WH")
	}
	r := Result{PlatformCall: o.PlatformCall}
	var all []*publisher
	defer func() {
		for _, p := range all {
			_ = p.pc.GracefulClose() // the call is over either way
		}
	}()
	for _, party := range o.Recording.parties() {
		p, err := join(ctx, o, party)
		if p != nil {
			all = append(all, p)
		}
		if err != nil {
			return r, fmt.Errorf("play %s: %w", o.PlatformCall, err)
		}
		r.Stream = p.session[strings.LastIndexByte(p.session, '/')+1:]
	}
	err := stream(ctx, o, all, &r)
	for _, p := range all {
		if err == nil || errors.Is(err, ctx.Err()) {
			err = errors.Join(err, p.end(ctx))
		}
	}
	if err != nil {
		return r, fmt.Errorf("play %s: %w", o.PlatformCall, err)
	}
	return r, nil
}

// parties are those of the sessions that it takes.
func (r *Recording) parties() []string {
	switch {
	case r.stereo:
		return []string{"stereo"}
	case r.agent != nil:
		return []string{"customer", "agent"}
	}
	return []string{"customer"}
}

// join begins a session and waits until audio can flow.
func join(ctx context.Context, o Options, party string) (*publisher, error) {
	p := &publisher{options: o, party: party, up: make(chan struct{}), down: make(chan struct{})}
	p.codec = webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMU, ClockRate: telephone}
	if o.Recording.opus != nil {
		p.codec = webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: opusClock, Channels: 2}
	}
	if err := p.open(); err != nil {
		return p.made(), err
	}
	offer, err := p.pc.CreateOffer(nil)
	if err != nil {
		return p.made(), fmt.Errorf("offer: %w", err)
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(offer); err != nil {
		return p.made(), fmt.Errorf("offer: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	select {
	case <-gathered:
	case <-ctx.Done():
		return p.made(), ctx.Err()
	}
	if err := p.post(ctx, p.pc.LocalDescription().SDP); err != nil {
		return p.made(), err
	}
	select {
	case <-p.up:
		return p.made(), nil
	case <-p.down:
	case <-ctx.Done():
	}
	return p.made(), &Unreachable{URL: p.session, Err: errors.New("no audio connection (UDP) came about")}
}

// made is p once it has something to close.
func (p *publisher) made() *publisher {
	if p.pc == nil {
		return nil
	}
	return p
}

// open makes our end of the connection.
func (p *publisher) open() error {
	media, registry := &webrtc.MediaEngine{}, &interceptor.Registry{}
	err := media.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: p.codec, PayloadType: 96}, webrtc.RTPCodecTypeAudio)
	if err == nil {
		err = webrtc.ConfigureRTCPReports(registry)
	}
	settings := webrtc.SettingEngine{LoggerFactory: &logging.DefaultLoggerFactory{Writer: io.Discard, DefaultLogLevel: logging.LogLevelDisabled}}
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6})
	if err == nil {
		api := webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(settings))
		p.pc, err = api.NewPeerConnection(webrtc.Configuration{})
	}
	if err == nil {
		p.track, err = webrtc.NewTrackLocalStaticRTP(p.codec, "audio", p.party)
	}
	if err == nil {
		_, err = p.pc.AddTransceiverFromTrack(p.track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	}
	if err != nil {
		return fmt.Errorf("open connection: %w", err)
	}
	var up, down sync.Once
	p.pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		switch s { //nolint:exhaustive // the others are on the way
		case webrtc.PeerConnectionStateConnected:
			up.Do(func() { close(p.up) })
		case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
			down.Do(func() { close(p.down) })
		}
	})
	return nil
}

// post sends the offer and takes the answer.
func (p *publisher) post(ctx context.Context, offer string) error {
	target, err := p.target()
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), strings.NewReader(offer))
	if err != nil {
		return fmt.Errorf("offer: %w", err)
	}
	r.Header.Set("Content-Type", "application/sdp")
	c := p.options.Caller
	for name, v := range map[string]string{
		"Call": p.options.PlatformCall, "Party": p.party, "Customer": string(p.options.Recording.side), "From": c.From, "To": c.To,
		"Agent": c.Agent, "Direction": c.Direction, "Language": c.Language,
	} {
		if v != "" {
			r.Header.Set("Heed-"+name, v)
		}
	}
	answer, err := p.do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close() //nolint:errcheck // it was only read
	if answer.StatusCode != http.StatusCreated {
		return refusedBy(answer, target.String())
	}
	at, err := target.Parse(answer.Header.Get("Location"))
	if err != nil {
		return fmt.Errorf("address of the session: %w", err)
	}
	p.session = at.String()
	sdp, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: string(sdp)}); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return nil
}

// target is where offers are posted.
func (p *publisher) target() (*url.URL, error) {
	u, err := url.Parse(p.options.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("play: address %q: it must start with http:// or https:// and name a host", p.options.URL)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = whipPath
	}
	return u, nil
}

func (p *publisher) do(r *http.Request) (*http.Response, error) {
	r.Header.Set("Authorization", "Bearer "+p.options.Key)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, &Unreachable{URL: r.URL.Redacted(), Err: err}
	}
	return answer, nil
}

// end ends the session as a publisher must.
func (p *publisher) end(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeWithin)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodDelete, p.session, nil)
	if err != nil {
		return fmt.Errorf("end: %w", err)
	}
	answer, err := p.do(r)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return refusedBy(answer, p.session)
	}
	return answer.Body.Close()
}

// stream sends everything up to the last frame.
func stream(ctx context.Context, o Options, all []*publisher, r *Result) error {
	report := o.Progress
	if report == nil {
		report = func(Progress) {}
	}
	pace := newPacer(o.Clock, o.Speed)
	total, next := o.Recording.Duration(), time.Duration(0)
	for i := range o.Recording.steps() {
		at := o.Recording.when(i)
		if at >= next {
			report(Progress{PlatformCall: r.PlatformCall, At: at, Total: total})
			next += time.Second
		}
		lag, err := pace.wait(ctx, at)
		if err != nil {
			return err
		}
		r.Lag = max(r.Lag, lag)
		for _, p := range all {
			sent, err := p.send(i, at)
			if err != nil {
				return err
			}
			r.Frames += sent
		}
		r.Audio = min(o.Recording.when(i+1), total)
	}
	report(Progress{PlatformCall: r.PlatformCall, At: total, Total: total})
	return nil
}

// send sends a party's packet of a step, unless the door has hung up.
func (p *publisher) send(step int, at time.Duration) (int, error) {
	select {
	case <-p.down:
		return 0, &HungUp{Code: websocket.CloseAbnormalClosure, Err: errors.New("the connection was closed")}
	default:
	}
	payload := p.options.Recording.payload(p.party, step)
	if len(payload) == 0 {
		return 0, nil
	}
	p.seq++
	err := p.track.WriteRTP(&rtp.Packet{
		Header:  rtp.Header{Version: 2, SequenceNumber: p.seq, Timestamp: uint32(at * time.Duration(p.codec.ClockRate) / time.Second)}, //nolint:gosec // it wraps
		Payload: payload,
	})
	if err != nil {
		return 0, &HungUp{Code: websocket.CloseAbnormalClosure, Err: err}
	}
	return 1, nil
}

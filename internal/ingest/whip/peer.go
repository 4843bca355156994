package whip

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/webrtc/v4"
)

// silent keeps the library quiet: its lines name addresses of people.
var silent = loggers().NewLogger("whip")

func loggers() logging.LoggerFactory {
	return &logging.DefaultLoggerFactory{Writer: io.Discard, DefaultLogLevel: logging.LogLevelDisabled}
}

// peers makes our ends of sessions.
type peers struct {
	mono, stereo *webrtc.API
	config       webrtc.Configuration
}

func newPeers(s *sockets, public []string, l Limits) (*peers, error) {
	settings := webrtc.SettingEngine{LoggerFactory: loggers()}
	settings.SetICEUDPMux(s.mux)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6})
	settings.SetIncludeLoopbackCandidate(s.loop)
	// Names of .local need multicast on the publisher's own network, and are
	// not needed: a publisher's checks show where it is.
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	settings.SetICETimeouts(l.SilentAfter/4, l.SilentAfter-l.SilentAfter/4, min(2*time.Second, l.SilentAfter/8))
	if len(public) > 0 {
		rule := webrtc.ICEAddressRewriteRule{External: public, AsCandidateType: webrtc.ICECandidateTypeHost, Mode: webrtc.ICEAddressRewriteAppend}
		if err := settings.SetICEAddressRewriteRules(rule); err != nil {
			return nil, fmt.Errorf("whip: public addresses: %w", err)
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("whip: key of DTLS: %w", err)
	}
	certificate, err := webrtc.GenerateCertificate(key) // one for all: making one takes as long as a session's set-up
	if err != nil {
		return nil, fmt.Errorf("whip: certificate of DTLS: %w", err)
	}
	p := &peers{config: webrtc.Configuration{Certificates: []webrtc.Certificate{*certificate}}}
	if p.mono, err = newAPI(settings, false); err == nil {
		p.stereo, err = newAPI(settings, true)
	}
	return p, err
}

// newAPI knows audio alone, so that nothing else is agreed on. Two channels
// are Opus only.
func newAPI(settings webrtc.SettingEngine, stereo bool) (*webrtc.API, error) {
	known := []webrtc.RTPCodecParameters{
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1"}, PayloadType: 111},
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: "audio/telephone-event", ClockRate: 48000}, PayloadType: 110},
	}
	if !stereo {
		known = append(
			known,
			webrtc.RTPCodecParameters{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMU, ClockRate: 8000}, PayloadType: 0},
			webrtc.RTPCodecParameters{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMA, ClockRate: 8000}, PayloadType: 8},
			webrtc.RTPCodecParameters{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: "audio/telephone-event", ClockRate: 8000}, PayloadType: 126},
		)
	}
	media, registry := &webrtc.MediaEngine{}, &interceptor.Registry{}
	for _, c := range known {
		if err := media.RegisterCodec(c, webrtc.RTPCodecTypeAudio); err != nil {
			return nil, fmt.Errorf("whip: codec %s: %w", c.MimeType, err)
		}
	}
	if err := webrtc.ConfigureRTCPReports(registry); err != nil {
		return nil, fmt.Errorf("whip: RTCP reports: %w", err)
	}
	return webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(settings)), nil
}

// open makes an end that will receive one audio track.
func (p *peers) open(stereo bool) (*webrtc.PeerConnection, error) {
	api := p.mono
	if stereo {
		api = p.stereo
	}
	pc, err := api.NewPeerConnection(p.config)
	if err != nil {
		return nil, fmt.Errorf("whip: peer: %w", err)
	}
	_, err = pc.AddTransceiverFromKind(webrtc.RTPCodecTypeAudio, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("whip: peer: %w", err), pc.GracefulClose())
	}
	return pc, nil
}

// answer agrees on an offer and gives our whole answer, candidates included.
func answer(ctx context.Context, pc *webrtc.PeerConnection, offer string) (string, error) {
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", unfit("The offer cannot be understood.")
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	a, err := pc.CreateAnswer(nil)
	if err != nil {
		return "", unfit("The offer cannot be answered.")
	}
	if err := pc.SetLocalDescription(a); err != nil {
		return "", fmt.Errorf("whip: answer: %w", err)
	}
	select {
	case <-gathered:
		return pc.LocalDescription().SDP, nil
	case <-ctx.Done():
		return "", fmt.Errorf("whip: gather candidates: %w", ctx.Err())
	}
}

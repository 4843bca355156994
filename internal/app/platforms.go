package app

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	dto "github.com/prometheus/client_model/go"

	"heed/deploy"
	"heed/fixtures"
	"heed/insights"
	"heed/internal/event"
	"heed/internal/ingest/audiohook"
	"heed/internal/ingest/l16"
	"heed/internal/ingest/plivo"
	"heed/internal/ingest/siprec"
	"heed/internal/ingest/telnyx"
	"heed/internal/ingest/twilio"
	"heed/internal/ingest/vonage"
	"heed/internal/ingest/whip"
	"heed/internal/mount"
	"heed/internal/play"
	"heed/internal/rehearse"
	rehearseapi "heed/internal/rehearse/api"
	"heed/transcribe"
)

// makeRehearsals puts itself between the doors and the calls, for test calls.
func (a *App) makeRehearsals(context.Context) error {
	a.parts.calls = rehearse.NewCalls(a.parts.sessions, a.o.Now)
	a.parts.rehearsals = rehearse.New(rehearse.Options{
		Calls: a.parts.calls, Play: a.playTest, Logger: a.log, Now: a.o.Now,
		Hear: func(who insights.Speaker) transcribe.Engine {
			e, _ := a.engineFor(event.Call{Language: a.o.Config.Calls.Language, Status: event.CallLive}, who, nil)
			return e
		},
	})
	a.ends.add("test call", a.parts.rehearsals.Close)
	return nil
}

// playTest plays a recorded call at one of this server's doors, as a platform.
func (a *App) playTest(ctx context.Context, platform, id string, progress func(time.Duration)) error {
	raw, err := fs.ReadFile(fixtures.Calls(), "double-charge.wav")
	if err != nil {
		return fmt.Errorf("test call: %w", err)
	}
	recording, err := play.Read(bytes.NewReader(raw), play.Right)
	if err != nil {
		return fmt.Errorf("test call: %w", err)
	}
	o := play.Options{
		Recording: recording, URL: "http://" + dialable(a.listener.Addr().String()), As: platform, Key: a.key, PlatformCall: id, Speed: 1,
		Caller:   play.Caller{From: "+12025550142", To: "+12025550199", Agent: "Test call", Direction: "inbound", Language: a.o.Config.Calls.Language},
		Progress: func(p play.Progress) { progress(p.At) },
	}
	_, err = play.Call(ctx, o)
	return err //nolint:wrapcheck // its kind says what was wrong
}

// rehearsalRoutes are the routes of platforms and test calls.
func (a *App) rehearsalRoutes() func(mount.Kit) {
	return rehearseapi.Routes(rehearseapi.Options{Tests: a.parts.rehearsals, Doors: a.platforms, Guide: a.guide})
}

// guides are the pages of platforms that have another name.
var guides = map[string]string{audiohook.Platform: "genesys", "webhooks": "tracking"}

// guide is the page on a platform, with this server's own address in it.
func (a *App) guide(platform string) (string, error) {
	text, err := deploy.Door(cmp.Or(guides[platform], platform))
	if err != nil {
		return "", err //nolint:wrapcheck // it names the page
	}
	base := a.publicURL()
	_, host, _ := strings.Cut(base, "://")
	media := "wss://"
	if strings.HasPrefix(base, "http://") {
		media = "ws://"
	}
	return strings.NewReplacer("wss://heed.example.com", media+host, "https://heed.example.com", base, "heed.example.com", host).Replace(text), nil
}

// platforms says of each door what it needs and how it does.
func (a *App) platforms(ctx context.Context) ([]rehearseapi.Platform, error) {
	last, err := a.parts.store.LastCalls(ctx)
	if err != nil {
		return nil, err
	}
	numbers, err := a.parts.store.Numbers(ctx, a.o.Now().Add(-rehearseapi.NumbersFor), rehearseapi.NumbersOf)
	if err != nil {
		return nil, err
	}
	figures, err := a.registry.Gather()
	if err != nil {
		return nil, fmt.Errorf("figures of the doors: %w", err)
	}
	all := a.doorStates()
	for i := range all {
		p := &all[i]
		p.Configured = len(p.Missing) == 0
		p.Testable = slices.Contains(play.Platforms(), p.Name) && p.Configured
		at := last[p.Name]
		if opened := a.parts.calls.Opened(p.Name); opened.After(at) {
			at = opened
		}
		if !at.IsZero() {
			p.LastCall = &at
		}
		for _, n := range numbers {
			if n.Platform == p.Name && len(p.Numbers) < rehearseapi.MostNumbers {
				p.Numbers = append(p.Numbers, rehearseapi.PlatformNumber{Number: n.Number, Calls: n.Calls, LastCall: n.Last})
			}
		}
		p.Open = int(sumOf(figures, "heed_door_sockets", p.Name))
		p.Dropped = int(sumOf(figures, "heed_door_frames_dropped_total", p.Name))
		for reason, n := range byReason(figures, "heed_door_refused_total", p.Name) {
			p.Refused = append(p.Refused, rehearseapi.PlatformOdds{Reason: reason, Count: n})
		}
		slices.SortFunc(p.Refused, func(x, y rehearseapi.PlatformOdds) int {
			return cmp.Or(y.Count-x.Count, strings.Compare(x.Reason, y.Reason))
		})
	}
	return all, nil
}

// lacking gives the names of settings that are not set, in order.
func lacking(settings map[string]bool) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if !settings[name] {
			out = append(out, name)
		}
	}
	return out
}

// doorStates are the doors with what each still needs, in the order in which
// they are shown.
func (a *App) doorStates() []rehearseapi.Platform {
	c := a.o.Config
	base := a.publicURL()
	media := "ws" + strings.TrimPrefix(base, "http")
	type address = rehearseapi.Address
	public := c.PublicURL != ""
	return []rehearseapi.Platform{
		{
			Name: twilio.Platform, Title: "Twilio", Wanting: lacking(map[string]bool{"twilio-auth-token": c.Twilio.AuthToken != "", "public-url": public}),
			Addresses: []address{{What: "voice", URL: base + twilio.VoicePath}, {What: "status", URL: base + twilio.StatusPath}, {What: "media", URL: media + twilio.MediaPath}},
		},
		{
			Name: telnyx.Platform, Title: "Telnyx", Wanting: lacking(map[string]bool{"telnyx-public-key": c.Telnyx.PublicKey != ""}),
			Addresses: []address{{What: "media", URL: media + telnyx.MediaPath}, {What: "events", URL: base + telnyx.EventsPath}},
		},
		{
			Name: plivo.Platform, Title: "Plivo", Wanting: lacking(map[string]bool{"plivo-auth-token": c.Plivo.AuthToken != "", "public-url": public}),
			Addresses: []address{{What: "answer", URL: base + plivo.AnswerPath}, {What: "hangup", URL: base + plivo.HangupPath}, {What: "media", URL: media + plivo.MediaPath}},
		},
		{
			Name: audiohook.Platform, Title: "Genesys Cloud AudioHook", Wanting: lacking(map[string]bool{"audiohook-keys": len(c.AudioHook.Keys) > 0 || c.AudioHook.KeysFile != ""}),
			Addresses: []address{{What: "media", URL: media + audiohook.MediaPath}},
		},
		{
			Name: "vonage", Title: "Vonage", Wanting: lacking(map[string]bool{"vonage-signatures": len(c.Vonage.Signatures) > 0, "public-url": public}),
			Addresses: []address{{What: "answer", URL: base + vonage.AnswerPath}, {What: "events", URL: base + vonage.EventsPath}, {What: "media", URL: media + l16.MediaPath("vonage")}},
		},
		{Name: "jambonz", Title: "jambonz", Addresses: []address{{What: "media", URL: media + l16.MediaPath("jambonz")}, {What: "status", URL: base + l16.StatusPath}}},
		{Name: "freeswitch", Title: "FreeSWITCH", Addresses: []address{{What: "media", URL: media + l16.MediaPath("freeswitch")}}},
		{Name: "asterisk", Title: "Asterisk", Addresses: []address{{What: "media", URL: media + l16.MediaPath("asterisk")}}},
		listening("audiosocket", "Asterisk AudioSocket", "audiosocket-listen", c.AudioSocket.Listen),
		{Name: whip.Platform, Title: "WebRTC (WHIP)", Addresses: []address{{What: "publish", URL: base + whip.Path}}},
		listening(siprec.Platform, "SIPREC", "siprec-listen", cmp.Or(c.SIPREC.Listen, c.SIPREC.TLSListen)),
		{
			Name: "webhooks", Title: "CallRail, Invoca …", Wanting: lacking(map[string]bool{"webhook-signatures": len(c.Webhooks.Signatures) > 0}),
			Addresses: []address{{What: "events", URL: base + "/ingest/callrail/events"}, {What: "events", URL: base + "/ingest/invoca/events"}, {What: "events", URL: base + "/ingest/genesys/events"}},
		},
	}
}

// listening is a door with an address of its own.
func listening(name, title, setting, at string) rehearseapi.Platform {
	p := rehearseapi.Platform{Name: name, Title: title, Missing: lacking(map[string]bool{setting: at != ""})}
	if at != "" {
		p.Addresses = []rehearseapi.Address{{What: "listen", URL: at}}
	}
	return p
}

// figuresOf gives the figures of one name that are of a platform.
func figuresOf(all []*dto.MetricFamily, name, platform string) []*dto.Metric {
	i := slices.IndexFunc(all, func(f *dto.MetricFamily) bool { return f.GetName() == name })
	if i < 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(all[i].GetMetric()), func(m *dto.Metric) bool { return label(m, "platform") != platform })
}

func label(m *dto.Metric, name string) string {
	for _, l := range m.GetLabel() {
		if l.GetName() == name {
			return l.GetValue()
		}
	}
	return ""
}

func sumOf(all []*dto.MetricFamily, name, platform string) (sum float64) {
	for _, m := range figuresOf(all, name, platform) {
		sum += m.GetCounter().GetValue() + m.GetGauge().GetValue()
	}
	return sum
}

func byReason(all []*dto.MetricFamily, name, platform string) map[string]int {
	out := map[string]int{}
	for _, m := range figuresOf(all, name, platform) {
		if n := int(m.GetCounter().GetValue()); n > 0 {
			out[label(m, "reason")] = n
		}
	}
	return out
}

package app

import (
	"errors"
	"fmt"

	"heed/internal/engines"
	"heed/transcribe"
	"heed/transcribe/amazon"
	"heed/transcribe/assemblyai"
	"heed/transcribe/deepgram"
	"heed/transcribe/google"
	"heed/transcribe/openai"
	"heed/transcribe/sherpaws"
	"heed/transcribe/vosk"
)

// hostedEngine is an engine that runs elsewhere, as people see it.
type hostedEngine struct {
	name, note, remedy string
	make               func(*maker) (transcribe.Engine, error)
}

// hostedEngines are those that a chain may name.
func hostedEngines() []hostedEngine {
	return []hostedEngine{
		{"deepgram", "Deepgram's live service", "set HEED_DEEPGRAM_KEY", func(m *maker) (transcribe.Engine, error) {
			s := m.config.Speech.Hosted.Deepgram
			return deepgram.New(deepgram.Options{Key: s.Key, URL: s.URL, Model: s.Model, Language: m.config.Calls.Language, Logger: m.log})
		}},
		{"assemblyai", "AssemblyAI's streaming service", "set HEED_ASSEMBLYAI_KEY", func(m *maker) (transcribe.Engine, error) {
			s := m.config.Speech.Hosted.AssemblyAI
			return assemblyai.New(assemblyai.Options{Key: s.Key, URL: s.URL, Model: s.Model, Language: m.config.Calls.Language, Logger: m.log})
		}},
		{"openai-realtime", "OpenAI's realtime protocol, also vLLM's", "set HEED_OPENAI_KEY, or HEED_OPENAI_REALTIME_URL for a server of your own", func(m *maker) (transcribe.Engine, error) {
			h := m.config.Speech.Hosted
			return openai.NewRealtime(openai.RealtimeOptions{
				Key: h.OpenAI.Key, URL: h.Realtime.URL, Model: h.Realtime.Model, Dialect: openai.Dialect(h.Dialect),
				Language: m.config.Calls.Language, Logger: m.log,
			})
		}},
		{"openai-http", "finals only, by POST: OpenAI, vLLM, speaches, whisper servers", "set HEED_OPENAI_KEY, or HEED_OPENAI_URL for a server of your own", func(m *maker) (transcribe.Engine, error) {
			s := m.config.Speech.Hosted.OpenAI
			return openai.NewHTTP(openai.HTTPOptions{Key: s.Key, URL: s.URL, Model: s.Model, Language: m.config.Calls.Language, Logger: m.log})
		}},
		{"vosk", "a vosk-server of your own", "set HEED_VOSK_URL to its address, such as ws://localhost:2700", func(m *maker) (transcribe.Engine, error) {
			address := m.config.Speech.Hosted.Vosk
			if address == "" {
				return nil, errNoAddress
			}
			return vosk.New(vosk.Options{URL: address, Logger: m.log})
		}},
		{"sherpa-server", "a sherpa-onnx WebSocket server of your own", "set HEED_SHERPA_SERVER_URL to its address, such as ws://localhost:6006", func(m *maker) (transcribe.Engine, error) {
			address := m.config.Speech.Hosted.SherpaServer
			if address == "" {
				return nil, errNoAddress
			}
			return sherpaws.New(sherpaws.Options{URL: address, Logger: m.log})
		}},
		{"google", "Google Cloud Speech-to-Text v2", "set HEED_GOOGLE_PROJECT, and HEED_GOOGLE_CREDENTIALS to a service account's file", func(m *maker) (transcribe.Engine, error) {
			g := m.config.Speech.Hosted.Google
			return google.New(google.Options{
				CredentialsFile: g.Credentials, Project: g.Project, Location: g.Location, Model: g.Model,
				Language: m.config.Calls.Language, Logger: m.log,
			})
		}},
		{"amazon", "Amazon Transcribe", "set HEED_AMAZON_REGION, and credentials where the AWS SDK finds them", func(m *maker) (transcribe.Engine, error) {
			region := m.config.Speech.Hosted.AmazonRegion
			if region == "" {
				return nil, errNoRegion
			}
			return amazon.New(amazon.Options{Region: region, Language: m.config.Calls.Language, Logger: m.log})
		}},
	}
}

var (
	errNoAddress = errors.New("its address is not set")
	errNoRegion  = errors.New("its region is not set")
)

// hosted makes an engine that runs elsewhere. Nothing is dialled before a
// call is heard. Each call tells its language, so none is closed to others
// than the usual one.
func (m *maker) hosted(name string) (engines.Entry, error) {
	for _, h := range hostedEngines() {
		if h.name != name {
			continue
		}
		e, err := h.make(m)
		if err != nil {
			return engines.Entry{}, err
		}
		entry := engines.Entry{Engine: e, Remote: true}
		if d, ok := e.(transcribe.Describer); ok {
			entry.Info = d.Info()
			entry.Info.Languages = nil
		}
		if c, ok := e.(interface{ Close() error }); ok {
			entry.Close = c.Close
		}
		return entry, nil
	}
	return engines.Entry{}, fmt.Errorf("no engine is named %q", name)
}

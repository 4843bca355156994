package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// Speech chooses what hears the calls.
type Speech struct {
	// Engine names the engines in order of preference; the next one takes over
	// when one fails. "auto" and "none" stand alone.
	Engine []string
	// Languages gives single languages engines of their own: "de=vosk+deepgram".
	Languages []string
	Model     string   // of the embedded engine; empty is the one that "heed model use" chose
	Second    string   // when finals are heard a second time: always, idle or never
	Models    []string // folders searched before DATA/models
	Runtime   string   // folder of the speech runtime's libraries
	Streams   int      // most live streams heard on this machine; 0 measures it
	Overload  string   // what happens to a call that is one too many: record or refuse
	Hosted    Hosted
}

// Hosted are the engines that run elsewhere.
type Hosted struct {
	Deepgram, AssemblyAI Service
	OpenAI               Service // finals only, by HTTP
	Realtime             Service // OpenAI's realtime protocol; the key is OpenAI's
	Dialect              string  // of the realtime protocol: openai or vllm
	Vosk, SherpaServer   string  // addresses of one's own servers, ws:// or wss://
	Google               Google
	AmazonRegion         string // keys come as the AWS SDK finds them
}

// Service is a hosted engine with a key.
type Service struct {
	Key   string // secret
	URL   string // empty is the vendor's
	Model string // empty is the engine's default
}

// Google is Google Cloud's speech service.
type Google struct {
	Project, Location, Model string
	Credentials              string // file of a service account; empty as the SDK finds them
}

// Engines are the names that a chain may use, beside "sherpa/MODEL".
func Engines() []string {
	return []string{
		"sherpa", "pocketsphinx", "deepgram", "assemblyai", "openai-realtime", "openai-http",
		"vosk", "sherpa-server", "google", "amazon",
	}
}

func (s *Speech) bind(fs *pflag.FlagSet) {
	fs.StringSliceVar(&s.Engine, "speech-engine", []string{"auto"},
		"speech engines in order of preference: auto, none, or some of "+strings.Join(Engines(), ", "))
	fs.StringSliceVar(&s.Languages, "speech-languages", nil, "engines for single languages, such as de=vosk+deepgram")
	fs.StringVar(&s.Model, "speech-model", "", "model of the embedded engine (default: the one that \"heed model use\" chose)")
	fs.StringVar(&s.Second, "speech-second-pass", "idle", "when the embedded engine hears finals a second time: always, idle (while it keeps up) or never")
	fs.StringSliceVar(&s.Models, "models", nil, "folders searched for speech models before DATA/models")
	fs.StringVar(&s.Runtime, "runtime", "", "folder of the speech runtime's libraries")
	fs.IntVar(&s.Streams, "speech-streams", 0, "most live streams that engines on this machine hear, two a call; 0 measures it")
	fs.StringVar(&s.Overload, "speech-overload", "record", "a call that is one too many: record (and hear it afterwards) or refuse")
	h := &s.Hosted
	for _, service := range []struct {
		name, title string
		to          *Service
	}{{"deepgram", "Deepgram", &h.Deepgram}, {"assemblyai", "AssemblyAI", &h.AssemblyAI}, {"openai", "OpenAI or a compatible server", &h.OpenAI}} {
		fs.StringVar(&service.to.Key, service.name+"-key", "", "API key of "+service.title)
		fs.StringVar(&service.to.URL, service.name+"-url", "", "address of "+service.title+", if not the vendor's")
		fs.StringVar(&service.to.Model, service.name+"-model", "", "model of "+service.title)
	}
	fs.StringVar(&h.Realtime.URL, "openai-realtime-url", "", "address of the realtime protocol's server, if not OpenAI's")
	fs.StringVar(&h.Realtime.Model, "openai-realtime-model", "", "model of the realtime protocol")
	fs.StringVar(&h.Dialect, "openai-realtime-dialect", "openai", "dialect of the realtime protocol: openai or vllm")
	fs.StringVar(&h.Vosk, "vosk-url", "", "address of a vosk server, such as ws://localhost:2700")
	fs.StringVar(&h.SherpaServer, "sherpa-server-url", "", "address of a sherpa-onnx server, such as ws://localhost:6006")
	fs.StringVar(&h.Google.Project, "google-project", "", "Google Cloud project for its speech service")
	fs.StringVar(&h.Google.Location, "google-location", "global", "location of Google's speech service")
	fs.StringVar(&h.Google.Model, "google-model", "", "model of Google's speech service")
	fs.StringVar(&h.Google.Credentials, "google-credentials", "", "file of a Google service account")
	fs.StringVar(&h.AmazonRegion, "amazon-region", "", "AWS region of Amazon Transcribe")
}

// Chains gives the engines of single languages, by BCP 47 base.
func (s *Speech) Chains() (map[string][]string, error) {
	chains := map[string][]string{}
	for _, entry := range s.Languages {
		language, names, ok := strings.Cut(strings.TrimSpace(entry), "=")
		if !ok || len(language) < 2 || len(language) > 3 {
			return nil, fmt.Errorf("%q is not LANGUAGE=ENGINE, such as de=vosk+deepgram", entry)
		}
		if _, twice := chains[language]; twice {
			return nil, fmt.Errorf("%q is named twice; join its engines with +", language)
		}
		chains[language] = strings.Split(names, "+")
		if err := checkChain(chains[language]); err != nil {
			return nil, fmt.Errorf("%s: %w", language, err)
		}
	}
	return chains, nil
}

// checkChain refuses a name that no engine has.
func checkChain(names []string) error {
	if len(names) == 0 {
		return errors.New("must name an engine, auto or none")
	}
	for i, name := range names {
		if model, ok := strings.CutPrefix(name, "sherpa/"); ok && model != "" {
			continue
		}
		if err := oneOf(name, Engines()...); err != nil {
			return err
		}
		if slices.Contains(names[:i], name) {
			return fmt.Errorf("%q is named twice", name)
		}
	}
	return nil
}

func (s *Speech) validate(add func(string, error)) {
	if len(s.Engine) != 1 || s.Engine[0] != "auto" && s.Engine[0] != "none" {
		add("speech-engine", checkChain(s.Engine))
	}
	_, err := s.Chains()
	add("speech-languages", err)
	if s.Streams < 0 || s.Streams > 10_000 {
		add("speech-streams", fmt.Errorf("%d is not between 0 and 10000", s.Streams))
	}
	add("speech-overload", oneOf(s.Overload, "record", "refuse"))
	add("speech-second-pass", oneOf(s.Second, "always", "idle", "never"))
	add("openai-realtime-dialect", oneOf(s.Hosted.Dialect, "openai", "vllm"))
	for name, address := range map[string]string{
		"deepgram-url": s.Hosted.Deepgram.URL, "assemblyai-url": s.Hosted.AssemblyAI.URL, "openai-url": s.Hosted.OpenAI.URL, "openai-realtime-url": s.Hosted.Realtime.URL,
		"vosk-url": s.Hosted.Vosk, "sherpa-server-url": s.Hosted.SherpaServer,
	} {
		add(name, checkServer(address))
	}
}

// checkServer takes what an engine can dial.
func checkServer(address string) error {
	if address == "" {
		return nil
	}
	scheme, rest, _ := strings.Cut(address, "://")
	if !slices.Contains([]string{"ws", "wss", "http", "https"}, scheme) || rest == "" {
		return fmt.Errorf("%q must start with wss:// or https:// and name a host", address)
	}
	return nil
}

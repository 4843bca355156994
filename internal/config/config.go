// Package config is the one typed struct of settings, with a default and a
// help text for each, and the strict way in which flags, HEED_* environment
// variables and one YAML file fill it.
//
// It reads settings and nothing else: it opens no database, starts nothing,
// and no other package reads the environment.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // time zones, also where the machine has none

	"github.com/spf13/pflag"
)

// Config is everything that can be set. The zero value is not usable; start
// from [Bind], which gives the defaults.
type Config struct {
	Listen    string // host:port
	Data      string // the data folder
	PublicURL string // how platforms reach us, such as https://heed.example.com
	Demo      bool
	Log       Log
	Speech    Speech
	Twilio    Twilio
	WHIP      WHIP
	Calls     Calls
	Content   Content
	Decide    Decide
	Market
	Understanding
	Rights
	Doors
}

// Understanding is what is made of the words of a call, and who is told of it.
type Understanding struct {
	Alerts    Alerts
	Summary   Summary
	Sentiment Sentiment
	Redact    Redact
}

// Rights is what serves the rights of the people that data is kept of, and says
// who may see it.
type Rights struct {
	Accounts Accounts
	Master   Master
	Door     Door
	Mail     Mail
	Law      Law
}

// Log says how much is written to standard error and in which form.
type Log struct {
	Level  string // debug, info, warn, error
	Format string // text or json
}

// Twilio configures that platform's door.
type Twilio struct {
	AuthToken string // secret; empty closes the door to Twilio
	Dial      string // number or SIP address that the voice webhook dials
}

// Calls bounds the live calls.
type Calls struct {
	Max         int
	Grace       time.Duration // wait for a reconnect after an unclean end
	SilentAfter time.Duration // a track without sound is noted after this
	Region      string        // of numbers written without a country
	Language    string        // BCP 47, when the platform does not say
	TimeZone    string        // of days and weeks, IANA name
	PauseKeys   string        // an agent presses to have nothing kept for a while
	ResumeKeys  string        // and to go on
}

// Content names folders that replace the built-in catalogue and sets.
type Content struct {
	Actions string
	Alone   bool // the author of an action may review and publish it
	// Experiments is a folder with experiments.yaml, or "none".
	Experiments string
	Intents     string
	Themes      string
	Phrases     string
	// Competitors are names that count as one; nil is the fictional ones of the
	// demonstration.
	Competitors []string
	// Nobody are ids that programs write where a person should be, beside those
	// that are known.
	Nobody []string
	// Products is a folder with the catalogue of what customers may name.
	Products string
	Encoder  string // folder of an ONNX sentence encoder in place of Heed's own
	Notice   string // folder of what people are told and asked about their data
}

// Sentiment says for which calls the mood of the customer's words is scored.
type Sentiment struct {
	Default string   // on or off
	Except  []string // countries of the customer's number where it is the other way round, ISO 3166
}

func (s *Sentiment) bind(fs *pflag.FlagSet) {
	fs.StringVar(&s.Default, "sentiment-default", "on", "score the mood of customers' words: on or off; never the voice, never the agent")
	fs.StringSliceVar(&s.Except, "sentiment-except", nil, "countries of customers' numbers where it is the other way round, such as DE,FR")
}

func (s *Sentiment) validate(add func(string, error)) {
	add("sentiment-default", oneOf(s.Default, "on", "off"))
	for _, c := range s.Except {
		if len(c) != 2 {
			add("sentiment-except", fmt.Errorf("%q is not a two-letter country code", c))
		}
	}
}

// Master says what wraps the keys of people. Neither means a file that Heed
// makes beside the data.
type Master struct {
	Key     string // secret; base64 of 32 bytes
	KeyFile string // file that holds it
}

// Redact says what is removed from calls.
type Redact struct {
	Policy string // file; empty is the built-in policy
}

// Bind declares a flag for every setting, bound to the returned struct, which
// holds the defaults at once. The flags' names are also the file's keys
// (twilio-auth-token is twilio: {auth_token: ...}) and the environment's
// (HEED_TWILIO_AUTH_TOKEN).
func Bind(fs *pflag.FlagSet) *Config {
	c := &Config{}
	fs.StringVar(&c.Listen, "listen", "127.0.0.1:8080", "address to serve on, host:port")
	fs.StringVar(&c.Data, "data", "data", "folder for the database, recordings and keys")
	fs.StringVar(&c.PublicURL, "public-url", "", "how platforms reach this server, such as https://heed.example.com")
	fs.BoolVar(&c.Demo, "demo", false, "start with demo customers and play recorded calls")
	fs.StringVar(&c.Log.Level, "log-level", "info", "least level written: debug, info, warn or error")
	fs.StringVar(&c.Log.Format, "log-format", "text", "form of the log: text or json")
	c.Speech.bind(fs)
	fs.StringVar(&c.Twilio.AuthToken, "twilio-auth-token", "", "Twilio's auth token; without it the door refuses Twilio")
	fs.StringVar(&c.Twilio.Dial, "twilio-dial", "", "number or SIP address that answered calls are connected to")
	c.bindDoors(fs)
	c.WHIP.bind(fs)
	fs.IntVar(&c.Calls.Max, "calls-max", 200, "most live calls at once; more are refused")
	fs.DurationVar(&c.Calls.Grace, "calls-grace", 15*time.Second, "wait for a reconnect when a stream breaks off")
	fs.DurationVar(&c.Calls.SilentAfter, "calls-silent-after", 20*time.Second, "note a track without sound after this time")
	fs.StringVar(&c.Calls.Region, "calls-region", "US", "country of numbers written without one, ISO 3166")
	fs.StringVar(&c.Calls.Language, "calls-language", "en", "language of calls when the platform does not say")
	fs.StringVar(&c.Calls.TimeZone, "calls-time-zone", "UTC", "time zone in which days and weeks are counted, such as Europe/Berlin")
	c.Calls.bindKeys(fs)
	fs.StringVar(&c.Content.Actions, "content-actions", "", "folder of action files in place of the built-in catalogue")
	fs.BoolVar(&c.Content.Alone, "content-alone", false, "let the author of an action or a lever review and publish it; --demo does")
	fs.StringVar(&c.Content.Experiments, "content-experiments", "", "folder of experiments.yaml, the arms that decide for a share of the people, in place of the built-in ones; none for no arms")
	fs.StringVar(&c.Content.Intents, "content-intents", "", "folder of intent files in place of the built-in set")
	fs.StringVar(&c.Content.Themes, "content-themes", "", "folder of theme files in place of the built-in rules")
	fs.StringVar(&c.Content.Phrases, "content-phrases", "", "folder of phrases to favour and to listen for, in place of the built-in ones")
	fs.StringSliceVar(&c.Content.Competitors, "content-competitors", nil, "names of competitors, as people write them, in place of the fictional ones")
	fs.StringSliceVar(&c.Content.Nobody, "content-nobody", nil, "user ids, addresses and numbers that name nobody, such as a shop's test account, beside the usual (null, 0, anonymous)")
	fs.StringVar(&c.Content.Encoder, "content-encoder", "", "folder of an ONNX sentence encoder (model.onnx, vocab.txt) in place of the built-in one")
	fs.StringVar(&c.Content.Notice, "content-notice", "", "folder of what people are told and asked about their data, in place of the built-in texts")
	c.Summary.bind(fs)
	fs.StringVar(&c.Content.Products, "content-products", "", "folder of product catalogues in place of the built-in one")
	c.Sentiment.bind(fs)
	c.Door.bind(fs)
	c.Mail.bind(fs)
	c.Alerts.bind(fs)
	c.Segment.bind(fs)
	c.Campaigns.bind(fs)
	c.Law.bind(fs)
	c.Decide.bind(fs)
	c.Accounts.bind(fs)
	fs.StringVar(&c.Redact.Policy, "redact-policy", "", "file that says what is removed from transcripts and recordings, in place of the built-in policy")
	fs.StringVar(&c.Master.Key, "master-key", "", "key that wraps the keys of people, base64 of 32 bytes; set it in the environment")
	fs.StringVar(&c.Master.KeyFile, "master-key-file", "", "file that holds that key; without either Heed makes one in the data folder")
	return c
}

// secrets are settings whose values are never shown and whose names do not
// tell so by their end.
var secrets = []string{"audiohook-keys", "siprec-users", "recordings-credentials", "oidc-client-secret"}

// secret names the settings whose values are never shown.
func secret(name string) bool {
	return slices.Contains(secrets, name) || slices.ContainsFunc([]string{"-key", "-auth-token", "-password", "-signatures"}, func(end string) bool {
		return strings.HasSuffix(name, end)
	})
}

// Validate says everything that is wrong with the settings, joined.
func (c *Config) Validate() error {
	var errs []error
	add := func(name string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
	}
	_, _, err := net.SplitHostPort(c.Listen)
	add("listen", err)
	add("public-url", checkURL(c.PublicURL))
	add("log-level", oneOf(c.Log.Level, "debug", "info", "warn", "error"))
	add("log-format", oneOf(c.Log.Format, "text", "json"))
	c.Speech.validate(add)
	c.WHIP.validate(add)
	c.Summary.validate(add)
	c.Sentiment.validate(add)
	c.Mail.validate(add)
	c.Alerts.validate(add)
	c.Vonage.validate(add)
	c.AudioSocket.validate(add)
	c.SIPREC.validate(add)
	c.Segment.validate(add)
	c.Campaigns.validate(add)
	c.Webhooks.validate(add)
	c.Calls.validateKeys(add)
	c.AudioHook.validate(add)
	c.Recordings.validate(add)
	c.Limits.validate(add)
	c.Law.validate(add)
	c.Decide.validate(add)
	c.Accounts.validate(c.PublicURL, add)
	if c.Master.Key != "" && c.Master.KeyFile != "" {
		add("master-key-file", errors.New("give the key or its file, not both"))
	}
	if c.Data == "" {
		add("data", errors.New("must name a folder"))
	}
	if c.Calls.Max < 1 || c.Calls.Max > 100_000 {
		add("calls-max", fmt.Errorf("%d is not between 1 and 100000", c.Calls.Max))
	}
	if c.Calls.Grace < 0 || c.Calls.Grace > 10*time.Minute {
		add("calls-grace", fmt.Errorf("%s is not between 0 and 10m", c.Calls.Grace))
	}
	if c.Calls.SilentAfter < time.Second {
		add("calls-silent-after", fmt.Errorf("%s is under 1s", c.Calls.SilentAfter))
	}
	if len(c.Calls.Region) != 2 {
		add("calls-region", fmt.Errorf("%q is not a two-letter country code", c.Calls.Region))
	}
	if _, err := time.LoadLocation(c.Calls.TimeZone); err != nil {
		add("calls-time-zone", fmt.Errorf("%q is not a time zone such as Europe/Berlin", c.Calls.TimeZone))
	}
	return errors.Join(errs...)
}

func oneOf(v string, allowed ...string) error {
	if slices.Contains(allowed, v) {
		return nil
	}
	return fmt.Errorf("%q is not one of %v", v, allowed)
}

func checkURL(s string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil {
		return fmt.Errorf("not a URL: %w", err)
	}
	if (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		return fmt.Errorf("%q must start with https:// and name a host", s)
	}
	return nil
}

package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"heed/internal/client"
	"heed/internal/desk"
	"heed/internal/ingest/audiohook"
	"heed/internal/ingest/siprec"
	"heed/internal/play"
)

type callFlags struct {
	as, from, number, agent, customer, sip string
	speed                                  float64
	json                                   bool
	hook                                   hookFlags
}

func newCall() *cobra.Command {
	var f callFlags
	c := &cobra.Command{
		Use:   "call FILE.wav",
		Short: "Play a recording through a door of a running server, as a phone platform would",
		Long: `Play a recording at a running server as the named platform would, wait for the
end of the call, and print what was heard and suggested.

A stereo file is a two-party call: the agent on the left and the customer on
the right channel, unless --customer says otherwise. A mono file is the
customer alone. Any WAV will do: 8 to 48 kHz, 8 to 32 bits, mu-law or A-law.

With --as whip it goes over WebRTC, as from a softphone or a gateway: a WAV as
PCMU, in a session for each party, and a file of Opus (.opus, .ogg) as it is.

With --as audiohook it is played as Genesys does, signed with --audiohook-key
when it is given, and what the server says back is printed as it comes, in the
platform's positions.

With --as siprec it is recorded as by a border controller: an INVITE that says who
speaks, and RTP for each party. The server says where it takes them, unless --sip
does; a server that wants a password gets it as --sip sip:NAME:PASSWORD@HOST:PORT.

The server is the one that --to names, or the one that uses the data folder.
The key is --key, HEED_KEY, or the one in the data folder. Its role must be
admin: the call is brought in with it and its record read back.

With --json the call's record is printed when it is over: "id", "utterances"
(each with "speaker", "start", "end", "text"), "insights", "decisions" (each
with "actions" and "because"), "outcomes" and "customer". Times are seconds
from the start of the call.`,
		Example: "  heed call call.wav\n  heed call call.wav --to http://localhost:8080 --json\n  heed call call.wav --speed 4 --from +12025550142\n  heed call call.wav --as jambonz\n  heed call call.wav --as whip\n" +
			"  heed call call.wav --as siprec --sip 'sip:10.0.0.5:5060;transport=udp'\n" +
			"  heed call call.wav --as audiohook --audiohook-key integration-1:c2VjcmV0 --pause 12-15",
	}
	at := targetFlags(c)
	fl := c.Flags()
	fl.StringVar(&f.as, "as", "twilio", "platform to play: "+strings.Join(play.Platforms(), ", "))
	fl.Float64Var(&f.speed, "speed", 1, "times real speed; 0 is as fast as the server takes it")
	fl.StringVar(&f.from, "from", "", "the caller's number (default: a fictional one, the same for the same file)")
	fl.StringVar(&f.number, "number", "+12025550199", "the number that was called")
	fl.StringVar(&f.agent, "agent", "", "who takes the call")
	fl.StringVar(&f.customer, "customer", "right", "channel of the customer in a stereo file: left or right")
	fl.StringVar(&f.sip, "sip", "", "SIP address for --as siprec (default: what the server says)")
	f.hook.bind(fl)
	fl.BoolVar(&f.json, "json", false, "print the call's record as JSON")
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) != 1 {
			return misuse("want one recording; see \"%s --help\"", c.CommandPath())
		}
		return nil
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		recording, err := f.check(args[0])
		cl, noServer := at.client()
		if err := errors.Join(err, noServer); err != nil {
			return err // all of it at once: each costs a try otherwise
		}
		if f.from == "" {
			f.from = fictional(args[0])
		}
		return f.run(c, cl, recording)
	}
	return c
}

// check reads the recording and gives everything that is wrong with it and
// with the flags.
func (f *callFlags) check(path string) (*play.Recording, error) {
	var errs []error
	if !(f.speed >= 0 && f.speed <= 1000) { // so written, it refuses NaN
		errs = append(errs, misuse("--speed %g is not between 0 and 1000", f.speed))
	}
	side := play.Side(f.customer)
	if side != play.Left && side != play.Right {
		errs, side = append(errs, misuse("--customer %q is neither left nor right", f.customer)), play.Right
	}
	if known := play.Platforms(); !slices.Contains(known, f.as) {
		errs = append(errs, misuse("--as %q is no platform that can be played; there are %s", f.as, strings.Join(known, ", ")))
	}
	if (f.as == "whip" || f.as == siprec.Platform) && f.speed == 0 {
		errs = append(errs, misuse("--speed 0 is as fast as the server takes it, which nothing tells over WebRTC or by SIPREC; say how fast"))
	}
	if f.sip != "" && f.as != siprec.Platform {
		errs = append(errs, misuse("--sip is for --as siprec"))
	}
	errs = append(errs, f.hook.check(f.as))
	recording, err := play.Open(path, side)
	if err != nil {
		errs = append(errs, &usageError{err})
	}
	return recording, errors.Join(errs...)
}

// run plays the recording and prints what came of it.
func (f *callFlags) run(c *cobra.Command, cl *client.Client, rec *play.Recording) error {
	if rec.Truncated {
		_, _ = fmt.Fprintln(c.ErrOrStderr(), "heed: the file is cut off; what is there is played")
	}
	t := newTerminal(c.OutOrStdout(), c.ErrOrStderr())
	n := &narrator{terminal: t}
	see := n.see
	if f.json {
		see = nil
	}
	r, err := f.playAndWait(c.Context(), cl, rec, t, see)
	if err != nil {
		return err
	}
	if f.json {
		enc := json.NewEncoder(c.OutOrStdout())
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	n.end(r, cl.Base())
	return nil
}

// playAndWait plays the recording and follows the call at the same time. When
// it returns the call has ended or was hung up.
func (f *callFlags) playAndWait(ctx context.Context, cl *client.Client, rec *play.Recording, t *terminal, see func(*desk.Record)) (*desk.Record, error) {
	if err := cl.Check(ctx); err != nil {
		return nil, withRole(err)
	}
	id := newCallID(f.as)
	playing, hangUp := context.WithCancel(ctx)
	waiting, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	played := make(chan struct{})
	go func() {
		defer close(played)
		_, err := play.Call(playing, play.Options{
			Recording: rec, URL: cl.Base(), As: f.as, Speed: f.speed, Key: cl.Key(), PlatformCall: id,
			Caller:    play.Caller{From: f.from, To: f.number, Agent: f.agent},
			AudioHook: f.hook.options(t, f.json), SIP: f.sip,
			Progress: func(p play.Progress) { t.progress("playing", p.At, p.Total) },
		})
		t.done()
		if err != nil {
			giveUp(err)
		}
	}()
	r, err := cl.Wait(waiting, id, see)
	hangUp()
	<-played
	if cause := context.Cause(waiting); err != nil && cause != nil {
		return nil, withRole(cause)
	}
	return r, err
}

// withRole adds to a refusal of a known key which one it would take.
func withRole(err error) error {
	problem, refused := (*client.Problem)(nil), (*play.Refused)(nil)
	if errors.As(err, &problem) && problem.Status == http.StatusForbidden || errors.As(err, &refused) && refused.Unauthorized() {
		return fmt.Errorf("%w; this needs a key of role admin, which brings the call in and reads its record", err)
	}
	return err
}

// fictional gives a number that nobody has (555-01xx), the same one for the
// same file, so that different recordings are different callers.
func fictional(file string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(filepath.Base(file))) // a hash takes everything
	areas := [...]int{202, 206, 212, 303, 312, 404, 415, 503, 512, 602, 617, 702, 713, 801, 813, 919}
	n := int(h.Sum32() % uint32(100*len(areas)))
	return fmt.Sprintf("+1%d55501%02d", areas[n/100], n%100)
}

// newCallID makes a call id as the platform would.
func newCallID(as string) string {
	if as == audiohook.Platform {
		return uuid.NewString()
	}
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand aborts the process instead
	if as == siprec.Platform {
		return hex.EncodeToString(b[:])
	}
	return "CA" + hex.EncodeToString(b[:])
}

package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"heed/internal/client"
	"heed/internal/desk"
	"heed/internal/play"
)

type callFlags struct {
	to, as, key, data, from, toNumber, agent, customer string
	speed                                              float64
	json                                               bool
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
customer alone.

The server is the one that --to names, or the one that uses the data folder.
The key is --key, HEED_KEY, or the one in the data folder.`,
		Example: "  heed call call.wav\n  heed call call.wav --to http://localhost:8080 --json\n  heed call call.wav --speed 4 --from +12025550142",
	}
	fl := c.Flags()
	fl.StringVar(&f.to, "to", "", "address of the server (default: the one in the data folder, else http://127.0.0.1:8080)")
	fl.StringVar(&f.as, "as", "twilio", "platform to play: twilio")
	fl.Float64Var(&f.speed, "speed", 1, "times real speed; 0 is as fast as the server takes it")
	fl.StringVar(&f.data, "data", envOr("HEED_DATA", "data"), "the server's data folder, for its key and address")
	fl.StringVar(&f.key, "key", os.Getenv("HEED_KEY"), "API key of the server")
	fl.StringVar(&f.from, "from", "", "the caller's number (default: a fictional one, the same for the same file)")
	fl.StringVar(&f.toNumber, "number", "+12025550199", "the number that was called")
	fl.StringVar(&f.agent, "agent", "", "who takes the call")
	fl.StringVar(&f.customer, "customer", "right", "channel of the customer in a stereo file: left or right")
	fl.BoolVar(&f.json, "json", false, "print the call's record as JSON")
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) != 1 {
			return misuse("want one recording; see \"%s --help\"", c.CommandPath())
		}
		return nil
	}
	c.RunE = func(c *cobra.Command, args []string) error { return playCall(c, f, args[0]) }
	return c
}

func envOr(name, fallback string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return fallback
}

func playCall(c *cobra.Command, f callFlags, path string) error {
	if f.speed < 0 || f.speed > 1000 {
		return misuse("--speed %g is not between 0 and 1000", f.speed)
	}
	if f.customer != "left" && f.customer != "right" {
		return misuse("--customer %q is neither left nor right", f.customer)
	}
	key, err := client.FindKey(f.key, f.data)
	if err != nil {
		return err
	}
	cl, err := client.New(client.FindServer(f.to, f.data), key)
	if err != nil {
		return &usageError{err}
	}
	recording, err := play.Open(path, play.Side(f.customer))
	if err != nil {
		return err
	}
	r, err := playAndWait(c, f, cl, recording)
	if err != nil {
		return err
	}
	if f.json {
		enc := json.NewEncoder(c.OutOrStdout())
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	return nil
}

// playAndWait plays the recording and follows the call at the same time.
func playAndWait(c *cobra.Command, f callFlags, cl *client.Client, rec *play.Recording) (*desk.Record, error) {
	show := func(*desk.Record) {}
	if !f.json {
		show = (&narrator{w: c.OutOrStdout()}).see
	}
	id := newCallID()
	if f.from == "" {
		f.from = fictional(c.Flags().Arg(0))
	}
	ctx, cancel := context.WithCancelCause(c.Context())
	defer cancel(nil)
	played := make(chan struct{})
	go func() {
		defer close(played)
		_, err := play.Call(ctx, play.Options{
			Recording: rec, URL: cl.Base(), As: f.as, Speed: f.speed, Key: cl.Key(), PlatformCall: id,
			Caller:   play.Caller{From: f.from, To: f.toNumber, Agent: f.agent},
			Progress: progress(f.json),
		})
		if err != nil {
			cancel(err)
		}
	}()
	r, err := cl.Wait(ctx, id, show)
	if err == nil {
		<-played
	}
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return nil, cause
	}
	return r, err
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

// newCallID makes a call id as Twilio would.
func newCallID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand aborts the process instead
	return "CA" + hex.EncodeToString(b[:])
}

// narrator prints a call as it unfolds, each line once.
type narrator struct {
	w                     io.Writer
	utterances, decisions int
}

func (n *narrator) see(r *desk.Record) {
	for _, u := range r.Utterances[min(n.utterances, len(r.Utterances)):] {
		fmt.Fprintf(n.w, "%6.1f  %-8s  %s\n", float64(u.Start), u.Speaker, u.Text)
	}
	for _, d := range r.Decisions[min(n.decisions, len(r.Decisions)):] {
		if len(d.Actions) == 0 {
			continue
		}
		fmt.Fprintf(n.w, "%6s  do next   %s: %s\n", "", d.Actions[0].Title, d.Actions[0].Because)
	}
	n.utterances, n.decisions = len(r.Utterances), len(r.Decisions)
}

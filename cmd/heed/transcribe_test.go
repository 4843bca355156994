package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/asticode/go-astisub"
)

func TestTranscribeMisuse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ args, says string }{
		{"transcribe --format doc a.wav", "text, json, srt and vtt"},
		{"transcribe --json --format srt a.wav", "contradict"},
		{"transcribe --format srt a.wav b.wav", "--output"},
		{"transcribe --format vtt --output out a/x.wav b/x.wav", "both be written to x.vtt"},
		{"transcribe --output /dev/null/x a.wav", "--output"},
	} {
		t.Run(tt.args, func(t *testing.T) {
			t.Parallel()
			if strings.Contains(tt.args, "/dev/null") {
				needEngine(t)
			}
			heed(t, strings.Fields(tt.args)...).want(t, 2, tt.says)
		})
	}
}

// TestSubtitles hears a recording and reads the subtitles back.
func TestSubtitles(t *testing.T) {
	t.Parallel()
	needEngine(t)
	stereo := save(t, "call.wav", recorded(t, "cancel-competitor", 10))
	t.Run("WebVTT on standard output", func(t *testing.T) {
		t.Parallel()
		r := heed(t, "transcribe", "--format", "vtt", stereo)
		r.want(t, 0)
		subs, err := astisub.ReadFromWebVTT(strings.NewReader(r.out))
		if err != nil || len(subs.Items) == 0 {
			t.Fatalf("%v in\n%s", err, r.out)
		}
		voices := map[string]bool{}
		for _, i := range subs.Items {
			voices[i.Lines[0].VoiceName] = true
		}
		if len(voices) != 2 || !voices["Agent"] || !voices["Customer"] || !strings.HasPrefix(r.out, "WEBVTT\n\n1\n00:00:0") {
			t.Errorf("voices %v in\n%s", voices, r.out)
		}
	})
	t.Run("a file each", func(t *testing.T) {
		t.Parallel()
		dir := filepath.Join(t.TempDir(), "new", "folder")
		mono := recorded(t, "happy-thanks", 8)
		mono.Channels = mono.Channels[:1]
		alone := save(t, "mono.wav", mono)
		r := heed(t, "transcribe", "--format", "srt", "--output", dir, stereo, "/no/such.wav", alone)
		r.want(t, 1, "/no/such.wav")
		if r.out != filepath.Join(dir, "call.srt")+"\n"+filepath.Join(dir, "mono.srt")+"\n" {
			t.Errorf("it printed\n%s", r.out)
		}
		for name, says := range map[string]string{"call.srt": "Customer: ", "mono.srt": "-->"} {
			raw, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			subs, err := astisub.ReadFromSRT(strings.NewReader(string(raw)))
			if err != nil || len(subs.Items) == 0 || !strings.Contains(string(raw), says) {
				t.Errorf("%s: %v\n%s", name, err, raw)
			}
		}
		if left, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	})
	t.Run("standard input", func(t *testing.T) {
		t.Parallel()
		in, err := os.Open(stereo)
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		c := exec.CommandContext(t.Context(), common.binary, "transcribe", "--format", "json", "-")
		c.Dir, c.Env, c.Stdin = t.TempDir(), environment(), in
		out, err := c.Output()
		if err != nil {
			t.Fatal(err)
		}
		var heard transcript
		if err := json.Unmarshal(out, &heard); err != nil || heard.File != "-" || !strings.Contains(heard.Text, "cancel my contract") {
			t.Errorf("%v: %s", err, out)
		}
	})
}

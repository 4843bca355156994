package eval

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"heed/transcribe/audio"
)

// row is one line of a manifest.
type row struct {
	File string `json:"file"`
	Text string `json:"text"`
	Kind string `json:"kind"`
}

// readManifest gives the utterances; lines of another kind are passed over.
func readManifest(path string) ([]row, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	var rows []row
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		var r row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("%s line %d: %w", path, n, err)
		}
		if r.File == "" {
			return nil, fmt.Errorf("%s line %d: no file", path, n)
		}
		if r.Kind == "" || r.Kind == "utt" {
			rows = append(rows, r)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return rows, nil
}

// script is what is said in a call.
type script struct {
	Turns []struct {
		Role string `json:"role"`
		Text string `json:"text"`
	} `json:"turns"`
}

func readScript(path string) (script, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return script{}, err
	}
	var s script
	if err := json.Unmarshal(text, &s); err != nil {
		return script{}, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// said is everything that a party says, in order.
func (s script) said(party string) string {
	var texts []string
	for _, t := range s.Turns {
		if t.Role == party {
			texts = append(texts, t.Text)
		}
	}
	return strings.Join(texts, " ")
}

func readWAV(path string) (audio.WAV, error) {
	f, err := os.Open(path)
	if err != nil {
		return audio.WAV{}, err
	}
	defer func() { _ = f.Close() }()
	wav, err := audio.ReadWAV(f)
	if err != nil {
		return audio.WAV{}, fmt.Errorf("%s: %w", path, err)
	}
	return wav, nil
}

// mixture is who says what in a recording in which two people speak at once.
type mixture []struct {
	Words string `json:"words"`
}

// readMixture refuses anything but two speakers.
func readMixture(path string) (one, other string, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", "", err
	}
	var m mixture
	if err := json.Unmarshal(text, &m); err != nil {
		return "", "", fmt.Errorf("%s: %w", path, err)
	}
	if len(m) != 2 {
		return "", "", fmt.Errorf("%s: %d speakers, want 2", path, len(m))
	}
	return m[0].Words, m[1].Words, nil
}

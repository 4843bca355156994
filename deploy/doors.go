package deploy

import (
	"embed"
	"fmt"
)

//go:embed doors/*.md
var doors embed.FS

// Door gives the page on a platform, as Markdown: what to click and paste on
// its side.
func Door(name string) (string, error) {
	raw, err := doors.ReadFile("doors/" + name + ".md")
	if err != nil {
		return "", fmt.Errorf("page of the door %s: %w", name, err)
	}
	return string(raw), nil
}

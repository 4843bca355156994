// Package ui holds the built web app inside the binary.
//
// It refuses to build or change anything: `npm run build` fills dist, and a
// binary compiled without it says so through [Built] instead of failing.
package ui

import (
	"embed"
	"io/fs"
)

// The directive takes all of dist, dot files too, so that the package also
// compiles in a checkout where only dist/.gitkeep exists.
//
//go:embed all:dist
var dist embed.FS

// Index is the page that every path of the app is answered with.
const Index = "index.html"

// Files is the built app: index.html at its root, and below assets/ the files
// whose names carry a hash of their content, which may be cached for ever.
// It holds no index.html when the app was not built; see [Built].
func Files() fs.FS {
	root, err := fs.Sub(dist, "dist")
	if err != nil {
		return dist // cannot happen: "dist" is a valid path
	}
	return root
}

// Built says whether the app was built before the binary was compiled.
func Built() bool {
	_, err := fs.Stat(Files(), Index)
	return err == nil
}

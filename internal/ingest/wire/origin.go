package wire

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Origin is how platforms reach us. The zero value means that it is not
// configured and each request says so itself.
type Origin struct {
	host   string
	prefix string // path that a proxy cuts off
	plain  bool   // http or ws
}

// ParseOrigin reads a public URL such as https://heed.example.com; empty is the
// zero value.
func ParseOrigin(raw string) (Origin, error) {
	if raw == "" {
		return Origin{}, nil
	}
	u, err := url.Parse(raw)
	if err != nil {
		return Origin{}, fmt.Errorf("public URL: %w", err)
	}
	switch {
	case u.Host == "":
		return Origin{}, fmt.Errorf("public URL %q: it has no host; write https://heed.example.com", raw)
	case u.Scheme != "https" && u.Scheme != "wss" && u.Scheme != "http" && u.Scheme != "ws":
		return Origin{}, fmt.Errorf("public URL %q: it must start with https://", raw)
	case u.RawQuery != "" || u.Fragment != "":
		return Origin{}, fmt.Errorf("public URL %q: it must end with its path", raw)
	}
	return Origin{
		host: u.Host, prefix: strings.TrimSuffix(u.EscapedPath(), "/"), plain: u.Scheme == "http" || u.Scheme == "ws",
	}, nil
}

// scheme is https or wss, or its plain form.
func (o Origin) scheme(secure string) string {
	if o.plain {
		return map[string]string{"https": "http", "wss": "ws"}[secure]
	}
	return secure
}

// URL is the address of one of our paths as the platform must write it. Secure
// is "https" or "wss"; host is the request's own.
func (o Origin) URL(secure, host, path string) string {
	if o.host != "" {
		host = o.host
	}
	return o.scheme(secure) + "://" + host + o.prefix + path
}

// Signed lists the URLs that a request's signature may be over, path and query
// as they came. Without a configured origin nobody can tell whether a proxy
// took TLS off, so both schemes are tried; which one it was proves nothing
// without the secret.
func (o Origin) Signed(r *http.Request, secure string) []string {
	path := r.RequestURI
	if path == "" || path[0] != '/' {
		path = r.URL.RequestURI()
	}
	full := o.URL(secure, r.Host, path)
	if o.host != "" || r.TLS != nil {
		return []string{full}
	}
	return []string{full, Origin{plain: true}.URL(secure, r.Host, path)}
}

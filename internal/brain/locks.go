package brain

import "sync"

// locks is one mutex a key, made when wanted and dropped when nobody holds or
// waits for it. The zero value is ready.
type locks struct {
	mu   sync.Mutex
	held map[string]*holders
}

type holders struct {
	mu sync.Mutex
	n  int // who holds or waits
}

// lock waits for the key and gives the function that releases it.
func (l *locks) lock(key string) (unlock func()) {
	l.mu.Lock()
	if l.held == nil {
		l.held = make(map[string]*holders)
	}
	h := l.held[key]
	if h == nil {
		h = &holders{}
		l.held[key] = h
	}
	h.n++
	l.mu.Unlock()

	h.mu.Lock()
	return func() {
		h.mu.Unlock()
		l.mu.Lock()
		defer l.mu.Unlock()
		if h.n--; h.n == 0 {
			delete(l.held, key)
		}
	}
}

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

// all waits for several keys, which must be sorted: two who want the same keys
// then never wait for each other.
func (l *locks) all(keys []string) (unlock func()) {
	frees := make([]func(), len(keys))
	for i, key := range keys {
		frees[i] = l.lock(key)
	}
	return func() {
		for _, free := range frees {
			free()
		}
	}
}

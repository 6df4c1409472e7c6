// Emscripten's way for a thread to have the main one work for it: mailboxes, queues and condition variables, 4 KB of
// the download. Here nobody asks for that. The pool's threads run kernels and call no JavaScript, and only the main
// thread starts and joins them.
#include <emscripten/proxying.h>
#include <pthread.h>

#include <cstdlib>

extern "C" {

double _emscripten_run_on_main_thread_js(int, void*, int, double*, int) { std::abort(); }

em_proxying_queue* emscripten_proxy_get_system_queue() { return nullptr; }
void emscripten_proxy_execute_queue(em_proxying_queue*) {}

void _emscripten_thread_mailbox_init(pthread_t) {}
void _emscripten_thread_mailbox_shutdown(pthread_t) {}
void _emscripten_check_mailbox() {}
}

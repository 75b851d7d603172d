/* One libnice end. usage: nice_peer controlling|controlled COMPONENTS full|lite none|stun|turn-udp|turn-tcp
 * The lines on stdin and stdout are those of Peers/README.md. */
#include <nice/agent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PINGS 40
#define LIMIT_US (6 * G_USEC_PER_SEC)
#define SERVER "203.0.113.10"

static GMainLoop *loop;
static NiceAgent *agent;
static guint stream, components;
static gint64 began;
static gboolean ready[3];
static int sent, echoed[3], heard[3], blocks;
static char ufrag[257], pwd[257];
static GSList *remote[3];

static void say (const char *line)
{
  puts (line);
  fflush (stdout);
}

static const char *type_name (NiceCandidateType type)
{
  static const char *names[] = { "host", "srflx", "prflx", "relay" };
  return names[type];
}

static void describe (NiceAgent *a, guint s, gpointer unused)
{
  gchar *user, *password;
  nice_agent_get_local_credentials (a, s, &user, &password);
  printf ("a=ice-ufrag:%s\na=ice-pwd:%s\n", user, password);
  g_free (user);
  g_free (password);
  gboolean full;
  g_object_get (a, "full-mode", &full, NULL);
  if (!full) printf ("a=ice-lite\n");
  for (guint c = 1; c <= components; c++) {
    GSList *all = nice_agent_get_local_candidates (a, s, c);
    for (GSList *i = all; i; i = i->next) {
      gchar *line = nice_agent_generate_local_candidate_sdp (a, i->data);
      printf ("%s\n", line);
      g_free (line);
    }
    g_slist_free_full (all, (GDestroyNotify) nice_candidate_free);
  }
  say ("");
}

static gboolean ping (gpointer unused)
{
  int fewest = PINGS;
  for (guint c = 1; c <= components; c++) fewest = MIN (fewest, echoed[c]);
  if (fewest >= PINGS || g_get_monotonic_time () - began > LIMIT_US) {
    for (guint c = 1; c <= components; c++) printf ("data %u %d %d %d\n", c, sent, echoed[c], heard[c]);
    say ("done");
    return G_SOURCE_REMOVE;
  }
  for (guint c = 1; c <= components; c++) {
    char packet[44] = { 0 };
    packet[0] = (char) 0x80;
    packet[1] = (char) (c == 1 ? 96 : 200);
    packet[2] = (char) (sent >> 8);
    packet[3] = (char) sent;
    memcpy (packet + 8, "NICEP", 5);
    nice_agent_send (agent, stream, c, sizeof packet, packet);
  }
  sent++;
  return G_SOURCE_CONTINUE;
}

static void failed (NiceAgent *a, guint s, guint component, guint state, gpointer unused)
{
  if (state == NICE_COMPONENT_STATE_FAILED) say ("failed libnice's component failed");
}

/* From here on data can be sent; READY comes later, when no check is left. */
static void chosen (NiceAgent *a, guint s, guint component, NiceCandidate *l, NiceCandidate *r, gpointer unused)
{
  if (ready[component]) return;
  ready[component] = TRUE;
  for (guint c = 1; c <= components; c++) if (!ready[c]) return;
  double ms = (g_get_monotonic_time () - began) / 1000.0;
  printf ("connected %.1f\nnominated %.1f\n", ms, ms);
  fflush (stdout);
  g_timeout_add (20, ping, NULL);
}

static void received (NiceAgent *a, guint s, guint component, guint length, gchar *data, gpointer unused)
{
  if (length < 13) return;
  if (data[12] == 'E') echoed[component]++;
  if (data[12] != 'P') return;
  heard[component]++;
  data[12] = 'E';
  nice_agent_send (a, s, component, length, data);
}

static void selected (void)
{
  for (guint c = 1; c <= components; c++) {
    NiceCandidate *l, *r;
    gchar here[INET6_ADDRSTRLEN], base[INET6_ADDRSTRLEN], there[INET6_ADDRSTRLEN];
    if (!nice_agent_get_selected_pair (agent, stream, c, &l, &r)) continue;
    nice_address_to_string (&l->addr, here);
    nice_address_to_string (&l->base_addr, base);
    nice_address_to_string (&r->addr, there);
    printf ("selected %u %s %s:%u %s:%u %s %s:%u\n", c, type_name (l->type), here, nice_address_get_port (&l->addr),
        base, nice_address_get_port (&l->base_addr), type_name (r->type), there, nice_address_get_port (&r->addr));
  }
  say ("");
}

static void connect_to_peer (void)
{
  began = g_get_monotonic_time ();
  nice_agent_set_remote_credentials (agent, stream, ufrag, pwd);
  for (guint c = 1; c <= components; c++)
    if (nice_agent_set_remote_candidates (agent, stream, c, remote[c]) < 0) say ("failed no candidates taken");
}

static gboolean line_in (GIOChannel *channel, GIOCondition condition, gpointer unused)
{
  gchar *line = NULL;
  if (g_io_channel_read_line (channel, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL) {
    g_main_loop_quit (loop);
    return G_SOURCE_REMOVE;
  }
  g_strchomp (line);
  if (g_str_has_prefix (line, "a=ice-ufrag:")) g_strlcpy (ufrag, line + 12, sizeof ufrag);
  else if (g_str_has_prefix (line, "a=ice-pwd:")) g_strlcpy (pwd, line + 10, sizeof pwd);
  else if (g_str_has_prefix (line, "a=candidate:")) {
    NiceCandidate *candidate = nice_agent_parse_remote_candidate_sdp (agent, stream, line);
    if (candidate && candidate->component_id <= components)
      remote[candidate->component_id] = g_slist_append (remote[candidate->component_id], candidate);
  } else if (!*line) {
    if (++blocks == 1) connect_to_peer ();
    else if (blocks == 2) selected ();
    else g_main_loop_quit (loop);
  }
  g_free (line);
  return G_SOURCE_CONTINUE;
}

int main (int argc, char **argv)
{
  if (argc < 5) return 2;
  gboolean lite = !strcmp (argv[3], "lite");
  components = atoi (argv[2]);
  loop = g_main_loop_new (NULL, FALSE);
  agent = nice_agent_new_full (NULL, NICE_COMPATIBILITY_RFC5245, NICE_AGENT_OPTION_REGULAR_NOMINATION | (lite ? NICE_AGENT_OPTION_LITE_MODE : 0));
  g_object_set (agent, "controlling-mode", !strcmp (argv[1], "controlling"), "ice-tcp", FALSE, "upnp", FALSE, NULL);
  if (strcmp (argv[4], "none")) g_object_set (agent, "stun-server", SERVER, "stun-server-port", 3478, NULL);
  g_signal_connect (agent, "candidate-gathering-done", G_CALLBACK (describe), NULL);
  g_signal_connect (agent, "component-state-changed", G_CALLBACK (failed), NULL);
  g_signal_connect (agent, "new-selected-pair-full", G_CALLBACK (chosen), NULL);
  stream = nice_agent_add_stream (agent, components);
  for (guint c = 1; c <= components; c++) {
    if (g_str_has_prefix (argv[4], "turn"))
      nice_agent_set_relay_info (agent, stream, c, SERVER, 3478, "turnuser", "turnpass",
          !strcmp (argv[4], "turn-tcp") ? NICE_RELAY_TYPE_TURN_TCP : NICE_RELAY_TYPE_TURN_UDP);
    nice_agent_attach_recv (agent, stream, c, NULL, received, NULL);
  }
  GIOChannel *in = g_io_channel_unix_new (0);
  g_io_add_watch (in, G_IO_IN | G_IO_HUP, line_in, NULL);
  nice_agent_gather_candidates (agent, stream);
  g_main_loop_run (loop);
  return 0;
}

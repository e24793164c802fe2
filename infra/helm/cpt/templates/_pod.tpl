{{/* What this pod has beside the others, as YAML: `usual` and `pods` of the values, and on top its own of `processes`;
     lists grow, maps are laid over each other, anything else is replaced. */}}
{{- define "cpt.extras" -}}
{{- $extras := merge (deepCopy .root.Values.pods) (deepCopy .usual) -}}
{{- range $name, $own := index .root.Values.processes (include "cpt.process" .) -}}
{{- $before := index $extras $name -}}
{{- if and (kindIs "slice" $own) $before -}}
{{- $own = concat $before $own -}}
{{- else if and (kindIs "map" $own) $before -}}
{{- $own = mergeOverwrite $before $own -}}
{{- end -}}
{{- $_ := set $extras $name $own -}}
{{- end -}}
{{- toYaml $extras -}}
{{- end }}

{{- define "cpt.podMeta" -}}
labels: {{- include "cpt.podLabels" . | nindent 2 }}
  {{- with .extras.labels }}{{ toYaml . | nindent 2 }}{{ end }}
{{- with merge (dict) (.annotations | default dict) (.extras.annotations | default dict) }}
annotations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* What every pod has: no root, no writing, no token, secrets as files. */}}
{{- define "cpt.pod" -}}
{{- $values := .root.Values -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with $values.image.pullSecrets }}
imagePullSecrets: {{- range . }}
  - {name: {{ . | quote }}}
  {{- end }}
{{- end }}
{{- range $name := list "priorityClassName" "nodeSelector" "tolerations" "affinity" }}
{{- with index $.extras $name }}
{{ $name }}: {{- if kindIs "string" . }} {{ . | quote }}{{ else }}{{ toYaml . | nindent 2 }}{{ end }}
{{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .extras.initContainers }}
initContainers:
  {{- range . }}
  - {{ merge (dict "securityContext" (include "cpt.restricted" . | fromYaml)) . | toYaml | nindent 4 | trim }}
  {{- end }}
{{- end }}
volumes:
  - name: tmp
    emptyDir: {sizeLimit: 256Mi}
  {{- $sources := include "cpt.secretSources" . }}
  {{- if and $sources (not .secrets) }}
  - name: secrets
    projected:
      defaultMode: 288
      sources: {{- $sources | trim | nindent 8 }}
  {{- end }}
  {{- if .secrets }}
  {{- range .services | default (splitList " " (include "cpt.services" .root)) }}
  - name: {{ . }}
    projected:
      defaultMode: 288
      sources: {{- include "cpt.secretSources" (dict "root" $.root "service" . "kind" $.kind "secret" (index $.secrets . $.secretOf)) | trim | nindent 8 }}
  {{- end }}
  {{- end }}
  {{- if .documents }}
  - name: documents
    persistentVolumeClaim: {claimName: {{ $values.documents.claim | quote }}}
  {{- end }}
  {{- with .configMap }}
  - name: files
    configMap: {name: {{ . | quote }}}
  {{- end }}
  {{- with $values.trust.configMap }}
  - name: trust
    configMap: {name: {{ . | quote }}, items: [{key: {{ $values.trust.key | quote }}, path: ca.pem}]}
  {{- end }}
  {{- with .extras.volumes }}{{ toYaml . | nindent 2 }}{{ end }}
{{- end }}

{{- define "cpt.restricted" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "cpt.container" -}}
{{- $image := .root.Values.image -}}
{{- $digest := index $image.digests .service -}}
image: "{{ $image.registry }}/{{ .service }}{{ with $digest }}@{{ . }}{{ else }}:{{ $image.tag }}{{ end }}"
imagePullPolicy: {{ $image.pullPolicy }}
securityContext: {{- include "cpt.restricted" . | nindent 2 }}
resources: {{- toYaml .extras.resources | nindent 2 }}
volumeMounts:
  - {name: tmp, mountPath: /tmp}
  {{- if include "cpt.secretSources" . }}
  - {name: {{ .volume | default "secrets" }}, mountPath: /run/secrets/cpt, readOnly: true}
  {{- end }}
  {{- if .documents }}
  - {name: documents, mountPath: /documents}
  {{- end }}
  {{- if .configMap }}
  - {name: files, mountPath: /run/cpt, readOnly: true}
  {{- end }}
  {{- if .root.Values.trust.configMap }}
  - {name: trust, mountPath: /run/trust, readOnly: true}
  {{- end }}
  {{- with .extras.volumeMounts }}{{ toYaml . | nindent 2 }}{{ end }}
{{- end }}

{{/* Variables of every container. Each library that calls out has a name of its own for the authorities it trusts. */}}
{{- define "cpt.environment" -}}
{{- if include "cpt.secretSources" . }}
- {name: CPT_SECRETS_DIR, value: /run/secrets/cpt}
{{- end }}
{{- if include "cpt.atKafka" . }}
{{- with (include "cpt.login" . | fromYaml).username }}
- {name: CPT_KAFKA__USERNAME, value: {{ . | quote }}}
{{- end }}
{{- if .root.Values.kafka.authority.secret }}
- {name: CPT_KAFKA__CA_FILE, value: /run/secrets/cpt/kafka/ca.crt}
{{- end }}
{{- end }}
{{- if .root.Values.trust.configMap }}
{{- range list "SSL_CERT_FILE" "PGSSLROOTCERT" "OTEL_EXPORTER_OTLP_CERTIFICATE" }}
- {name: {{ . }}, value: /run/trust/ca.pem}
{{- end }}
{{- end }}
{{- with .root.Values.proxy.url }}
{{- range list "HTTPS_PROXY" "HTTP_PROXY" }}
- {name: {{ . }}, value: {{ $.root.Values.proxy.url | quote }}}
{{- end }}
- {name: NO_PROXY, value: {{ $.root.Values.proxy.except | join "," | quote }}}
{{- end }}
{{- with .extras.env }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Jobs get nothing of the release's ConfigMap, which does not exist before the first installation. */}}
{{- define "cpt.jobEnvironment" -}}
- {name: CPT_ENVIRONMENT, value: {{ .root.Values.environment }}}
- {name: CPT_KAFKA__BOOTSTRAP_SERVERS, value: {{ .root.Values.kafka.bootstrapServers | quote }}}
{{- range $name, $value := .root.Values.settings }}
{{- if hasPrefix "CPT_KAFKA__" $name }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end }}
{{- include "cpt.environment" . }}
{{- end }}

{{/* Who talks to Kafka. */}}
{{- define "cpt.atKafka" -}}
{{- if has .kind (list "worker" "topics" "command" "verify-audit") }}yes{{ end }}
{{- end }}

{{/* The Secret that holds this process's login: the one of the values, else the one that Strimzi writes for our KafkaUser. */}}
{{- define "cpt.login" -}}
{{- $values := .root.Values -}}
{{- $name := ternary "topics" .service (eq .kind "topics") -}}
{{- $own := index $values.kafka.logins $name -}}
{{- if $own -}}
{{- toYaml $own -}}
{{- else if and $values.strimzi.enabled (has .kind (list "worker" "command" "verify-audit")) -}}
{{- $user := printf "%s-%s" (include "cpt.fullname" .root) .service -}}
{{- toYaml (dict "secret" $user "username" $user "keys" (dict "password" "CPT_KAFKA__PASSWORD")) -}}
{{- else -}}
{}
{{- end -}}
{{- end }}

{{/* What lies in the folder of secrets: each key is a file, named like the setting it stands for. */}}
{{- define "cpt.secretSources" -}}
{{- with .secret }}
- secret: {name: {{ . | quote }}}
{{- end }}
{{- if include "cpt.atKafka" . }}
{{- $login := include "cpt.login" . | fromYaml }}
{{- if $login.secret }}
- secret:
    name: {{ $login.secret | quote }}
    items: {{- range $key, $path := $login.keys }}
      - {key: {{ $key | quote }}, path: {{ $path | quote }}}
      {{- end }}
{{- end }}
{{- with .root.Values.kafka.authority }}
{{- if .secret }}
- secret: {name: {{ .secret | quote }}, items: [{key: {{ .key | quote }}, path: kafka/ca.crt}]}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
